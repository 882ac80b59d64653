//! The command line. Its commands come with the services that do the work; until then it says so and fails.

fn main() -> std::process::ExitCode {
    eprintln!("tieout: the command line is not built yet; docs/ROADMAP.md says what is done");
    std::process::ExitCode::from(3)
}

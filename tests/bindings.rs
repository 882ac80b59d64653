//! The window's TypeScript is what the shell offers, to the letter.

use specta_typescript::Typescript;
use std::path::Path;

/// Set by `cargo xtask bindings`, which rewrites the file instead of complaining about it.
const REWRITE: &str = "TIEOUT_WRITE_BINDINGS";

#[test]
fn the_windows_bindings_are_what_the_shell_offers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/bindings/index.ts");
    let folder = tempfile::tempdir().expect("a scratch folder");
    let scratch = folder.path().join("index.ts");
    tieout_app::ipc::builder().export(Typescript::default(), &scratch).expect("every type has a TypeScript form");
    let offered = std::fs::read_to_string(&scratch).expect("the file just written");

    if std::env::var_os(REWRITE).is_some() {
        std::fs::write(&path, offered).expect("ui/src/bindings can be written");
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == offered, "ui/src/bindings/index.ts is stale; run `cargo xtask bindings` and commit it");
}

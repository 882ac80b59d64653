//! Tells Tauri where this layout keeps its capabilities and icons, and makes a checkout compile before the UI is built.

use std::path::Path;

fn main() {
    // Cargo runs this in the package root (the repository root), not in src-tauri/.
    println!("cargo:rerun-if-changed=src-tauri/build.rs");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist");

    // `generate_context!` embeds ui/dist at compile time, so it must hold a page even before npm ran.
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        std::fs::create_dir_all("ui/dist").expect("ui/dist can be created beside the sources");
        std::fs::write(page, "<!doctype html><title>Tieout</title><p>The UI is not built yet. Run: make build")
            .expect("the placeholder page can be written");
    }

    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .windows_attributes(tauri_build::WindowsAttributes::new().window_icon_path("src-tauri/icons/icon.ico"));
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities are valid");
}

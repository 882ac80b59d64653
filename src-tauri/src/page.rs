//! The page may die (out of memory, killed by hand) while the program behind it goes on: then it is loaded again.

use tauri::App;

/// Nothing is lost with it: what was decided is on disk, and jobs run on and tell the new page.
#[cfg(target_os = "linux")]
pub fn come_back_when_killed(app: &App) {
    use tauri::Manager;
    use webkit2gtk::WebViewExt;

    for window in app.webview_windows().into_values() {
        let watched = window.with_webview(|webview| {
            webview.inner().connect_web_process_terminated(|page, reason| {
                tracing::error!(?reason, "the page died and is loaded again");
                page.reload();
            });
        });
        if let Err(error) = watched {
            tracing::warn!(%error, "a page that dies would not be noticed");
        }
    }
}

/// WebView2 and WKWebView load it again by themselves or show that they did not.
/// UNVERIFIED: neither was tried.
#[cfg(not(target_os = "linux"))]
pub fn come_back_when_killed(_app: &App) {}

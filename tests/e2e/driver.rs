//! A desk to sit at: a private home folder, the real program, and WebKit's own driver pressing its keys.
//!
//! A `Desk` outlives its windows, so that a test can close the program, open it again and find everything still there.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

/// How long anything on screen may take. Generous, because the machine that runs the tests is shared.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(40);

/// WebKit takes the picture after the next painting, and a page at rest never paints again: about one picture in thirty
/// then waits for ever. A dot of one nearly invisible pixel keeps it painting for two seconds.
const KEEP_PAINTING: &str = "
    const dot = document.createElement('i');
    Object.assign(dot.style, { position: 'fixed', right: 0, bottom: 0, width: '1px', height: '1px', opacity: 0.01 });
    document.body.append(dot);
    const end = performance.now() + 2000;
    (function paint(now) {
        dot.style.background = `rgb(${Math.floor(Math.random() * 256)} 0 0)`;
        if (now < end) requestAnimationFrame(paint); else dot.remove();
    })(performance.now());";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// What is opened: the real program, where nothing else is said.
pub struct Program {
    pub binary: PathBuf,
    pub arguments: Vec<String>,
}

impl Default for Program {
    fn default() -> Program {
        Program { binary: env!("CARGO_BIN_EXE_tieout-desktop").into(), arguments: Vec::new() }
    }
}

pub struct Desk {
    home: TempDir,
    /// A folder of the private home, or one that is there already.
    pub data: PathBuf,
    theme: Theme,
    variables: Vec<(OsString, OsString)>,
}

impl Desk {
    /// `None` where no window can be opened: no display, or no WebKitWebDriver. In CI that is a failure, since a test
    /// that is never run must not look like one that passes.
    pub fn new() -> Option<Desk> {
        if let Some(missing) = what_is_missing() {
            assert!(std::env::var_os("CI").is_none(), "the window's tests cannot be skipped in CI: {missing}");
            eprintln!("skipped, the window was not opened: {missing}");
            return None;
        }
        let home = tempfile::tempdir().expect("a private home folder");
        let data = home.path().join("data");
        Some(Desk { home, data, theme: Theme::Light, variables: Vec::new() })
    }

    /// The desktop's own preference; what the user picks inside Tieout comes on top.
    pub fn theme(mut self, theme: Theme) -> Desk {
        self.theme = theme;
        self
    }

    /// A variable the program is started with.
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Desk {
        self.variables.push((name.into(), value.into()));
        self
    }

    pub fn data_folder(&self) -> PathBuf {
        self.data.clone()
    }

    /// Starts the program and waits for its window.
    pub async fn open(&self) -> Window {
        self.open_program(&Program::default()).await
    }

    pub async fn open_program(&self, program: &Program) -> Window {
        let driver = Driver::start(self);
        let client = driver.connect(program).await;
        client.set_window_size(1440, 900).await.expect("the window takes the size it is given");
        Window { client, _driver: driver }
    }
}

fn what_is_missing() -> Option<&'static str> {
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        return Some("there is no display (make test brings its own: xvfb-run)");
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join("WebKitWebDriver").is_file());
    (!found).then_some("WebKitWebDriver is not installed (Debian: webkit2gtk-driver)")
}

/// WebKit's driver and everything it started, ended together.
struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    fn start(desk: &Desk) -> Driver {
        // The driver cannot choose a port itself; the system's choice is free for the moment it takes to start.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        let home = desk.home.path();
        let mut command = Command::new("WebKitWebDriver");
        command
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            // The program inherits all of this. Without TAURI_WEBVIEW_AUTOMATION the session never starts.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("TIEOUT_DATA", desk.data_folder())
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("NO_AT_BRIDGE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("GTK_THEME", if desk.theme == Theme::Dark { "Adwaita:dark" } else { "Adwaita" })
            .envs(desk.variables.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own: ending only the driver would leave the program behind.
            .process_group(0);
        let driver = Driver { child: command.spawn().expect("WebKitWebDriver starts"), port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < PATIENCE, "WebKitWebDriver did not listen on port {port}");
            std::thread::sleep(BETWEEN_LOOKS);
        }
        driver
    }

    async fn connect(&self, program: &Program) -> Client {
        let capabilities = json!({
            "webkitgtk:browserOptions": { "binary": program.binary, "args": program.arguments }
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("written as an object above") };
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let address = format!("http://127.0.0.1:{}", self.port);
        let session = builder.capabilities(capabilities).connect(&address);
        timeout(PATIENCE, session).await.expect("the window opened in time").expect("a session with the window")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}

pub struct Window {
    client: Client,
    _driver: Driver,
}

impl Window {
    /// The element with this `data-testid`, once it is there.
    pub async fn find(&self, test_id: &str) -> Element {
        let css = format!("[data-testid=\"{test_id}\"]");
        self.find_css(&css).await
    }

    pub async fn find_css(&self, css: &str) -> Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("no element {css}: {error}\nthe window shows:\n{}", self.text().await),
        }
    }

    pub async fn click(&self, test_id: &str) {
        self.find(test_id).await.click().await.expect("the element takes a click");
    }

    /// Waits until the element's text contains `wanted`, and returns that text.
    pub async fn wait_for_text(&self, test_id: &str, wanted: &str) -> String {
        let css = format!("[data-testid=\"{test_id}\"]");
        self.wait_in(&css, wanted).await
    }

    /// Until it shows something else: the list has moved on to its next row.
    pub async fn wait_for_other_text(&self, test_id: &str, before: &str) {
        let started = Instant::now();
        loop {
            let shown = self.find(test_id).await.text().await.unwrap_or_default();
            if !shown.is_empty() && shown != before {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{test_id} still shows {before:?}");
            sleep(BETWEEN_LOOKS).await;
        }
    }

    pub async fn wait_until_gone(&self, test_id: &str) {
        let css = format!("[data-testid=\"{test_id}\"]");
        let started = Instant::now();
        while !self.client.find_all(Locator::Css(&css)).await.expect("the page can be searched").is_empty() {
            assert!(started.elapsed() < PATIENCE, "{css} never went away; the window shows:\n{}", self.text().await);
            sleep(BETWEEN_LOOKS).await;
        }
    }

    /// The number in the element's text: `To approve 1,212` is 1212.
    pub async fn count_in(&self, test_id: &str) -> usize {
        let started = Instant::now();
        loop {
            let text = self.find(test_id).await.text().await.unwrap_or_default();
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            match digits.parse().ok() {
                Some(count) => return count,
                None => assert!(started.elapsed() < PATIENCE, "{test_id} never showed a number; it shows {text:?}"),
            }
            sleep(BETWEEN_LOOKS).await;
        }
    }

    pub async fn wait_for_count(&self, test_id: &str, wanted: usize) {
        let started = Instant::now();
        loop {
            let found = self.count_in(test_id).await;
            if found == wanted {
                return;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "{test_id} shows {found}, not {wanted}; the window shows:\n{}",
                self.text().await
            );
            sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Types into a field, in place of what it holds.
    pub async fn type_in(&self, test_id: &str, text: &str) {
        let field = self.find(test_id).await;
        field.clear().await.expect("the field can be emptied");
        field.send_keys(text).await.expect("the field takes text");
    }

    /// Waits until nothing on screen is loading any more.
    pub async fn settle(&self) {
        sleep(BETWEEN_LOOKS * 4).await;
        self.wait_until_gone("loading").await;
    }

    async fn wait_in(&self, css: &str, wanted: &str) -> String {
        let started = Instant::now();
        loop {
            // Found anew each time: React may have replaced the element since the last look. WebKit's own notion of an
            // element's text leaves out what a line cuts off.
            let shown = match self.client.find(Locator::Css(css)).await {
                Ok(element) => element.prop("textContent").await.ok().flatten().unwrap_or_default(),
                Err(_) => String::new(),
            };
            if shown.contains(wanted) {
                return shown;
            }
            if started.elapsed() > PATIENCE {
                self.screenshot("failure").await;
                panic!("{css} never showed {wanted:?}; it shows:\n{shown}\nthe window shows:\n{}", self.text().await);
            }
            sleep(BETWEEN_LOOKS).await;
        }
    }

    /// All the text on screen.
    pub async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => format!("(no page: {error})"),
        }
    }

    pub async fn title(&self) -> String {
        self.client.title().await.expect("a page has a title")
    }

    /// Presses keys one after the other wherever the focus is: letters as they are, others by `fantoccini::key::Key`.
    pub async fn press(&self, keys: &str) {
        for key in keys.chars() {
            self.chord(&[key]).await;
        }
    }

    /// Presses the keys together, the last one while the others are held.
    pub async fn chord(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for key in keys {
            actions = actions.then(KeyAction::Down { value: *key });
        }
        for key in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value: *key });
        }
        self.client.perform_actions(actions).await.expect("the window takes keys");
    }

    /// Asks the shell for a command as the window's own code would: `Ok` with the answer, `Err` with what it said.
    pub async fn invoke(&self, command: &str, arguments: Value) -> Result<Value, String> {
        let script = "const done = arguments[arguments.length - 1];
            window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])
                .then((answer) => done({ answer }), (error) => done({ error: String(error?.title ?? error) }));";
        let mut reply =
            self.client.execute_async(script, vec![json!(command), arguments]).await.expect("a script runs");
        match reply["error"].take() {
            Value::Null => Ok(reply["answer"].take()),
            error => Err(error.as_str().unwrap_or_default().to_owned()),
        }
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("a script runs")
    }

    /// Keeps a picture as `<name>.png` in the folder named by `TIEOUT_SHOTS`; without one, nothing is taken.
    pub async fn screenshot(&self, name: &str) {
        let Some(folder) = std::env::var_os("TIEOUT_SHOTS") else { return };
        self.script(KEEP_PAINTING).await;
        let picture = timeout(PATIENCE, self.client.screenshot()).await.expect("the window painted itself in time");
        let picture = picture.expect("the window can be pictured");
        std::fs::create_dir_all(&folder).expect("the folder for pictures");
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), picture).expect("the picture is written");
    }

    pub async fn close(self) {
        self.client.close().await.expect("the window closes");
    }
}

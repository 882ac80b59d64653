//! Connections: where the store and the books are, and which part does not work.

use crate::app::App;
use crate::problem;
use crate::secrets::secret_store;
use crate::views::{
    ConnectionPart, ConnectionsView, DepartureView, EnvironmentChoice, IntacctConnection, PartState, Problem,
    SaveConnectionsRequest, SystemId, TestConnectionRequest, TestReport, Topic, XcartConnection, XcartDialect,
};
use tieout_domain::ObjectKind;
use tieout_money::Currency;
use tieout_services::{self as services, Connection, Dialect, Secrets, TestedPart};

/// Silence this long before a posting is looked up: real hosts may commit 20 minutes late (design/promises.md P4).
const COOL_DOWN_PRODUCTION: u32 = 20 * 60;
const COOL_DOWN_SANDBOX: u32 = 60;

pub fn connections(app: &App) -> Result<ConnectionsView, Problem> {
    let known = app.company.connection().ok();
    let tested = |system| tested(app, system);
    let (xcart_parts, intacct_parts) = (tested(SystemId::Xcart)?, tested(SystemId::Intacct)?);
    let text = |pick: &dyn Fn(&Connection) -> String| known.as_ref().map(pick).unwrap_or_default();
    Ok(ConnectionsView {
        environment: match &known {
            Some(it) if it.production => EnvironmentChoice::Production,
            _ => EnvironmentChoice::Sandbox,
        },
        xcart: XcartConnection {
            url: text(&|it| it.xcart_url.to_string()),
            dialect: match known.as_ref().and_then(|it| it.xcart_dialect) {
                None => XcartDialect::Auto,
                Some(Dialect::AdminApi) => XcartDialect::AdminApi,
                Some(Dialect::RestAddon) => XcartDialect::RestAddon,
            },
            store_zone: text(&|it| it.store_zone.clone()),
            parts: xcart_parts,
        },
        intacct: IntacctConnection {
            url: text(&|it| it.intacct_url.to_string()),
            company: text(&|it| it.intacct_company.clone()),
            entity: text(&|it| it.intacct_entity.clone().unwrap_or_default()),
            user: text(&|it| it.intacct_user.clone()),
            sender: text(&|it| it.intacct_sender.clone()),
            entity_zone: text(&|it| it.entity_zone.clone()),
            parts: intacct_parts,
        },
        secret_store: secret_store(app),
        departures: departures(app)?,
        demo: app.is_demo(),
    })
}

fn departures(app: &App) -> Result<Vec<DepartureView>, Problem> {
    let stored = app.company.store.read(|reader| reader.departures()).map_err(|error| app.problem(error))?;
    let views = stored.into_iter().map(|it| DepartureView {
        system: if it.source.is_ledger() { SystemId::Intacct } else { SystemId::Xcart },
        object: it.departure.object,
        field: it.departure.field,
        change: it.departure.change,
        example: it.departure.example,
        records: u32::try_from(it.departure.records).unwrap_or(u32::MAX),
        first_seen: it.first_seen.to_string(),
        last_seen: it.last_seen.to_string(),
    });
    Ok(views.collect())
}

pub fn save_connections(app: &App, request: SaveConnectionsRequest) -> Result<ConnectionsView, Problem> {
    let bad = |title: String, remedy: &str| problem::bad_request(title, remedy, app.company.now());
    if app.is_demo() {
        let remedy = "Start Tieout with a data folder of your own to connect real systems.";
        return Err(bad("The demo company's connections are fixed".into(), remedy));
    }
    let known = app.company.connection().ok();
    let production = request.environment == EnvironmentChoice::Production;
    if let Some(known) = &known {
        let other = known.production != production || known.intacct_company != request.intacct_company.trim();
        let orders = app.company.store.read(|reader| reader.count(ObjectKind::Order));
        if other && orders.map_err(|error| app.problem(error))? > 0 {
            let title = format!("This data folder holds the data of company {}", known.intacct_company);
            return Err(bad(title, "Use a data folder of its own for another company or environment."));
        }
    }
    let url = |what: &str, text: &str| {
        let wrong =
            || bad(format!("The {what} address {text:?} cannot be read"), "Write it like https://shop.example/.");
        text.trim().parse().map_err(|_| wrong())
    };
    let base = app.company.books().ok().flatten().map_or(Currency::USD, |it| it.base_currency);
    let host = request.xcart_url.trim().trim_start_matches("https://").trim_start_matches("http://");
    let host = host.split(['/', ':']).next().unwrap_or_default().to_owned();
    let connection = Connection {
        production,
        // Names the source of every record: never changed once there are records.
        store_name: known.as_ref().map_or(host, |it| it.store_name.clone()),
        store_zone: request.store_zone.trim().to_owned(),
        store_currency: known.as_ref().map_or(base, |it| it.store_currency),
        xcart_url: url("store", &request.xcart_url)?,
        xcart_dialect: match request.xcart_dialect {
            XcartDialect::Auto => None,
            XcartDialect::AdminApi => Some(Dialect::AdminApi),
            XcartDialect::RestAddon => Some(Dialect::RestAddon),
        },
        intacct_url: url("Intacct", &request.intacct_url)?,
        intacct_company: request.intacct_company.trim().to_owned(),
        intacct_user: request.intacct_user.trim().to_owned(),
        intacct_sender: request.intacct_sender.trim().to_owned(),
        intacct_entity: Some(request.intacct_entity.trim().to_owned()).filter(|it| !it.is_empty()),
        entity_zone: request.entity_zone.trim().to_owned(),
        cool_down_seconds: match &known {
            _ if production => COOL_DOWN_PRODUCTION,
            Some(it) => it.cool_down_seconds,
            None => COOL_DOWN_SANDBOX,
        },
    };
    app.company.connect(&app.user, &connection).map_err(|error| app.problem(error))?;
    for system in [SystemId::Xcart, SystemId::Intacct] {
        app.company.store.remember(tested_key(system), "").map_err(|error| app.problem(error))?;
    }
    app.jobs.changed(vec![Topic::App, Topic::Connections, Topic::Activity]);
    connections(app)
}

/// Every part on its own, the failing one named. The answer is kept until the connection changes.
pub async fn test_connection(app: &App, request: TestConnectionRequest) -> Result<TestReport, Problem> {
    let secrets: Secrets = app.known_secrets();
    let tested = match request.system {
        SystemId::Xcart => services::test_xcart(&app.company, &secrets).await,
        SystemId::Intacct => services::test_intacct(&app.company, &secrets).await,
    };
    let tested = tested.map_err(|error| app.problem(error))?;
    let parts = tested.into_iter().map(|it| part(app, it)).collect();
    let report = TestReport { system: request.system, parts, tested_at: app.company.now().to_string() };
    let kept = serde_json::to_string(&report).expect("a report is plain text");
    app.company.store.remember(tested_key(request.system), &kept).map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::Connections]);
    Ok(report)
}

fn part(app: &App, it: TestedPart) -> ConnectionPart {
    ConnectionPart {
        id: it.id.to_owned(),
        label: it.label.to_owned(),
        state: match it.passed {
            Some(true) => PartState::Passed,
            Some(false) => PartState::Failed,
            None => PartState::Blocked,
        },
        detail: it.error.as_ref().map_or(it.detail, ToString::to_string),
        problem: it.error.map(|error| app.problem(error)),
    }
}

fn tested_key(system: SystemId) -> &'static str {
    match system {
        SystemId::Xcart => "tested/xcart",
        SystemId::Intacct => "tested/intacct",
    }
}

/// The last test's parts, or the parts a test would look at.
fn tested(app: &App, system: SystemId) -> Result<Vec<ConnectionPart>, Problem> {
    let kept =
        app.company.store.read(|reader| reader.recall(tested_key(system))).map_err(|error| app.problem(error))?;
    if let Some(report) = kept.and_then(|text| serde_json::from_str::<TestReport>(&text).ok()) {
        return Ok(report.parts);
    }
    let parts = match system {
        SystemId::Xcart => services::xcart_parts(),
        SystemId::Intacct => services::intacct_parts(),
    };
    let untested = parts.into_iter().map(|(id, label)| ConnectionPart {
        id: id.to_owned(),
        label: label.to_owned(),
        state: PartState::Untested,
        detail: String::new(),
        problem: None,
    });
    Ok(untested.collect())
}

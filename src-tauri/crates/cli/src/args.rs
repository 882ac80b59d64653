//! What can be asked for.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Parser)]
#[command(name = "tieout", version, about = "Ties out an X-Cart store against Sage Intacct")]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
}

// No doc comment here: clap would give it to every command that flattens this.
#[derive(ClapArgs)]
pub struct Data {
    /// The folder with the company's one file.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

#[derive(Subcommand)]
pub enum Command {
    /// The whole job on the demo company, from pull to tie-out.
    Demo {
        #[command(flatten)]
        data: Data,
        /// Which of the made-up companies.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many orders it took in its quarter.
        #[arg(long, default_value_t = 10_000)]
        orders: usize,
    },
    /// A pretend X-Cart and Intacct on this machine, until interrupted.
    Sandbox {
        /// 0 takes a free one.
        #[arg(long, default_value_t = 0)]
        xcart_port: u16,
        /// 0 takes a free one.
        #[arg(long, default_value_t = 0)]
        intacct_port: u16,
        /// Which of the made-up companies.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many orders it took in its quarter.
        #[arg(long, default_value_t = 10_000)]
        orders: usize,
        /// Added to every answer.
        #[arg(long, default_value_t = 0)]
        latency_ms: u64,
        /// JSON script of faults.
        #[arg(long)]
        faults: Option<PathBuf>,
        /// Folder of the ledger that survives being killed, and of the settlement files.
        #[arg(long)]
        ledger: Option<PathBuf>,
        /// Let a repeated control id make a second record, as a gateway without the unique key would.
        #[arg(long)]
        ignore_unique_key: bool,
    },
    /// Says where the two systems are, and keeps their secrets.
    ///
    /// Secrets come from TIEOUT_XCART_KEY, TIEOUT_INTACCT_PASSWORD and TIEOUT_INTACCT_SENDER_PASSWORD, and are kept for the
    /// commands that come: in the keychain where there is one (TIEOUT_KEYCHAIN=off leaves it alone), else in an encrypted
    /// vault file when TIEOUT_VAULT_PASSPHRASE is set.
    Connect(Box<Connect>),
    /// Reads both systems into the cache.
    Pull {
        #[command(flatten)]
        data: Data,
        /// Look for what was deleted in Intacct now, and not when its time comes.
        #[arg(long)]
        deletions: bool,
    },
    /// Matches payments and receipts: of a company with --data, or of two CSV files with --payments, --receipts and --out.
    Match(Box<MatchFiles>),
    /// Proposes entries for what is missing, and lists what is held back.
    Propose {
        #[command(flatten)]
        data: Data,
    },
    /// Lists what is in the cache, and for proposals the digest `approve` asks for.
    List {
        what: What,
        #[command(flatten)]
        data: Data,
        /// At most this many rows.
        #[arg(long, default_value_t = 1_000_000)]
        limit: usize,
    },
    /// Imports a settlement or bank file.
    Import {
        file: PathBuf,
        /// The gateway or bank, as the settings name it under `settlement` or `bank`.
        #[arg(long, value_name = "NAME")]
        source: String,
        #[command(flatten)]
        data: Data,
    },
    /// The settings, one text: payment methods to accounts, tolerances, limits.
    Settings {
        #[command(subcommand)]
        what: SettingsCommand,
    },
    /// The accountant's own matching rules, one text in their order.
    Rules {
        #[command(subcommand)]
        what: RulesCommand,
    },
    /// Approves exactly what `list proposals` showed.
    Approve {
        /// Proposals by their id.
        ids: Vec<String>,
        /// What `list proposals` printed; refused when one row has changed since.
        #[arg(long)]
        digest: String,
        /// Every proposal with no flag, an exact match, an open period, within the limits.
        #[arg(long)]
        all_clear: bool,
        /// Who approves; kept in the audit trail.
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        /// Passes a rule over that may be, with this reason; it stands in the evidence.
        #[arg(long = "override", value_name = "REASON", default_value = "")]
        override_reason: String,
        #[command(flatten)]
        data: Data,
    },
    /// Posts what is approved, once.
    Post {
        #[command(flatten)]
        data: Data,
        /// Wait this long for a doubt to be settled.
        #[arg(long, default_value_t = 0)]
        wait_seconds: u32,
    },
    /// Ends a doubt a person looked into: what is found is read back before it is believed; what is not there, after both
    /// attempts and every look-up, waits for a new approval.
    #[command(group(clap::ArgGroup::new("what").required(true)))]
    Settle {
        /// The posting, as `list postings` names it.
        id: String,
        /// The number Intacct shows for the record.
        #[arg(long, group = "what", value_name = "NUMBER")]
        record: Option<String>,
        /// It is not in Intacct: where the person looked.
        #[arg(long, group = "what", value_name = "WHERE")]
        absent: Option<String>,
        /// Who looked; kept in the audit trail.
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
    /// Proposes the reversal of a posting.
    Reverse {
        /// The posting, as `list postings` names it.
        id: String,
        /// The day to post it on, where its own is closed.
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<jiff::civil::Date>,
        /// Who asks for it; kept in the audit trail.
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
    /// Carries what belongs to both systems besides postings: plans it, and sends what settings or a person allow.
    ///
    /// Without --dry-run it keeps the plan and prints its digest; what waits for a person is sent by --approve DIGEST.
    Sync {
        /// `stock`, `products`, `shipments`, or `all` that are not switched off.
        flow: String,
        /// Shows what would be written and writes nothing to either system.
        #[arg(long, conflicts_with_all = ["approve", "take_back"])]
        dry_run: bool,
        /// Sends exactly what waits under this digest.
        #[arg(long, value_name = "DIGEST", requires = "by", conflicts_with = "take_back")]
        approve: Option<String>,
        /// Sets what a run wrote to products back to what it was.
        #[arg(long, value_name = "RUN", requires = "by")]
        take_back: Option<i64>,
        /// Who says so; kept in the audit trail.
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// The mapping text (the settings): out, in, what another one would change, and what it would make of all history.
    Map {
        #[command(subcommand)]
        what: MapCommand,
    },
    /// What could not be carried, each with its document, its cause and what to do.
    Dlq {
        #[command(subcommand)]
        what: DlqCommand,
    },
    /// Ledger less store, to the cent; with --certificate also as a document that `tieout-verify` adds up again.
    TieOut {
        #[arg(long, value_name = "YYYY-MM")]
        period: String,
        /// Where the certificate goes (JSON).
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
        /// Where its figures go on paper (PDF).
        #[arg(long, value_name = "FILE", requires = "certificate")]
        pdf: Option<PathBuf>,
        /// The key that signs it; TIEOUT_KEY_PASSPHRASE opens it.
        #[arg(long, value_name = "FILE", requires = "certificate")]
        key: Option<PathBuf>,
        #[command(flatten)]
        data: Data,
    },
    /// Writes a report to a file.
    Export {
        #[command(subcommand)]
        what: ExportCommand,
    },
    /// Signs a period off, or says how its sign-offs stand.
    SignOff {
        #[arg(long, value_name = "YYYY-MM")]
        period: String,
        /// What it is signed as; left out, nothing is signed.
        #[arg(long, requires = "by")]
        role: Option<RoleArg>,
        /// Who signs; kept in the audit trail.
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
        /// Passes a rule over that may be, with this reason; it stands in the evidence.
        #[arg(long = "override", value_name = "REASON", default_value = "")]
        override_reason: String,
        #[command(flatten)]
        data: Data,
    },
    /// Locks a period against approvals, or opens it again.
    Period {
        #[command(subcommand)]
        what: PeriodCommand,
    },
    /// Makes a verified backup now. With TIEOUT_BACKUP_PASSPHRASE it is encrypted in the age format.
    Backup {
        #[command(flatten)]
        data: Data,
    },
    /// Lists the backups, shows what restoring one would bring and undo, or restores it.
    ///
    /// What is replaced is put aside in the backups folder, never deleted. TIEOUT_BACKUP_PASSPHRASE opens an encrypted one.
    Restore {
        /// The backup; left out, all are listed.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// The digest the preview printed; without it nothing is changed.
        #[arg(long, value_name = "DIGEST", requires = "from")]
        confirm: Option<String>,
        /// Who restores; kept in the audit trail.
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Keys of people, and whose are believed.
    Identity {
        #[command(subcommand)]
        what: IdentityCommand,
    },
    /// Hands proposals to a reviewer on another computer, and takes their answer back.
    Bundle {
        #[command(subcommand)]
        what: BundleCommand,
    },
    /// The audit trail.
    Audit {
        #[command(subcommand)]
        what: AuditCommand,
    },
}

#[derive(ClapArgs)]
pub struct MatchFiles {
    /// The folder with the company's one file.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["payments", "receipts", "rates", "settings", "out", "exceptions", "explain", "refused"])]
    pub data: Option<PathBuf>,
    /// Payments of the store.
    #[arg(long, value_name = "CSV")]
    pub payments: Option<PathBuf>,
    /// Receipts, adjustments and deposits of the ledger.
    #[arg(long, value_name = "CSV")]
    pub receipts: Option<PathBuf>,
    /// Exchange rates by day, in dollars for one unit.
    #[arg(long, value_name = "CSV")]
    pub rates: Option<PathBuf>,
    /// Fees, entities of stores, the longest lag; every key may be left out.
    #[arg(long, value_name = "JSON")]
    pub settings: Option<PathBuf>,
    /// Where the matches go.
    #[arg(long, value_name = "CSV")]
    pub out: Option<PathBuf>,
    /// Where every record without a match goes, with its reason.
    #[arg(long, value_name = "CSV")]
    pub exceptions: Option<PathBuf>,
    /// Where the evidence of every match and the nearest miss of every exception go.
    #[arg(long, value_name = "JSONL")]
    pub explain: Option<PathBuf>,
    /// Where records that cannot be read go; without it the first of them stops the run.
    #[arg(long, value_name = "CSV")]
    pub refused: Option<PathBuf>,
    /// At most this many threads; the answer is the same with any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

#[derive(ClapArgs)]
pub struct Connect {
    #[command(flatten)]
    pub data: Data,
    /// Time zone the store dates its orders in, such as America/Chicago.
    #[arg(long, value_name = "ZONE")]
    pub store_zone: String,
    /// Time zone the books date their entries in.
    #[arg(long, value_name = "ZONE")]
    pub entity_zone: String,
    /// Production asks for https and a host of Sage's; the sandbox may be this machine.
    #[arg(long)]
    pub environment: Environment,
    /// The store's address.
    #[arg(long, value_name = "URL")]
    pub xcart_url: url::Url,
    /// Which programming interface the store has; auto finds out.
    #[arg(long, default_value = "auto")]
    pub xcart_dialect: DialectArg,
    /// The XML gateway's address.
    #[arg(long, value_name = "URL")]
    pub intacct_url: url::Url,
    /// Company id.
    #[arg(long, value_name = "ID")]
    pub intacct_company: String,
    /// Web services user.
    #[arg(long, value_name = "ID")]
    pub intacct_user: String,
    /// Sender id of the web services licence.
    #[arg(long, value_name = "ID")]
    pub intacct_sender: String,
    /// Entity to work in; left out, the top level.
    #[arg(long, value_name = "ID")]
    pub intacct_entity: Option<String>,
    /// What the store is called in references and lists.
    #[arg(long, default_value = "store")]
    pub store_name: String,
    /// Currency of amounts the store gives without one.
    #[arg(long, default_value = "USD")]
    pub store_currency: String,
    /// How long after silence a posting is looked up. At least 1200 in production.
    #[arg(long, default_value_t = 1200)]
    pub cool_down_seconds: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Environment {
    Sandbox,
    Production,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum DialectArg {
    Auto,
    AdminApi,
    RestAddon,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum What {
    Orders,
    Payments,
    /// Customers of the store.
    Profiles,
    /// Products of the store.
    Products,
    Receipts,
    Settlements,
    Matches,
    Exceptions,
    Proposals,
    Postings,
    /// Fields of both systems' replies that are new, missing or of another kind, with an example of each.
    Departures,
    /// What accepted matches taught, each piece with the id it is switched off by.
    Learned,
    /// Counterparts of captures, refunds and payouts that are to come, overdue ones first.
    Expectations,
}

#[derive(Subcommand)]
pub enum MapCommand {
    /// Prints the text in force, or writes it to a file.
    Export {
        file: Option<PathBuf>,
        #[command(flatten)]
        data: Data,
    },
    /// Checks a text and puts it in force as a new version.
    Import {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// Every key that a text would change, before and after.
    Diff {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// Plans everything that is in the data folder under a text that is not in force: which exceptions it heals, which it
    /// makes, which proposals it changes. Keeps nothing.
    Test {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Subcommand)]
pub enum DlqCommand {
    /// The open letters.
    List {
        /// Of one flow only.
        #[arg(long)]
        flow: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Sends letters again, each as it is or in the version a person made of it; records are looked at anew.
    #[command(group(clap::ArgGroup::new("which").required(true).multiple(true)))]
    Replay {
        /// By their numbers.
        #[arg(group = "which")]
        ids: Vec<i64>,
        /// All open letters of this cause, as `dlq list` names it.
        #[arg(long, group = "which", value_name = "CAUSE")]
        alike: Option<String>,
        /// Who says so; kept in the audit trail.
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
    /// Keeps a version of a letter's write, to be sent in place of the original, which stays as it is.
    Edit {
        id: i64,
        /// JSON with the same fields as the original; left out, the version is taken back.
        file: Option<PathBuf>,
        /// Who says so; kept in the audit trail.
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
    /// Ends a letter by hand.
    Close {
        id: i64,
        /// Kept in the audit trail.
        #[arg(long)]
        reason: String,
        /// Who says so.
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Subcommand)]
pub enum SettingsCommand {
    /// Prints the settings text, or writes it to a file.
    Export {
        file: Option<PathBuf>,
        #[command(flatten)]
        data: Data,
    },
    /// Checks a settings text and puts it in force.
    Import {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Subcommand)]
pub enum RulesCommand {
    /// Prints the rules in force, or writes them to a file; where there are none, a text to start from.
    Export {
        file: Option<PathBuf>,
        #[command(flatten)]
        data: Data,
    },
    /// Checks a text of rules and puts it in force; the next `match` goes by it.
    Import {
        file: PathBuf,
        /// Why; kept in the audit trail.
        #[arg(long, default_value = "imported")]
        note: String,
        #[command(flatten)]
        data: Data,
    },
    /// Tries a text of rules over everything cached and saves nothing: matches gained, lost, changed, and what goes against
    /// what people decided.
    Test {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Subcommand)]
pub enum ExportCommand {
    /// The exception report.
    Exceptions {
        #[arg(long)]
        format: FormatArg,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum FormatArg {
    Csv,
    Xlsx,
    Json,
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Walks the chain and everything it vouches for, and names the first row that is not as it was written.
    Verify {
        /// A head from outside the data folder, as an earlier verify or export printed it.
        #[arg(long = "head", value_name = "ROW:HASH")]
        heads: Vec<String>,
        /// A certificate or an exported trail that names a head.
        #[arg(long = "against", value_name = "FILE")]
        against: Vec<PathBuf>,
        #[command(flatten)]
        data: Data,
    },
    /// Every row as JSON, one a line, and the head as the last.
    Export {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RoleArg {
    Preparer,
    Reviewer,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum LockArg {
    /// Approving into it asks for a reason.
    Soft,
    /// Nothing is approved into it.
    Hard,
}

#[derive(Subcommand)]
pub enum PeriodCommand {
    Lock {
        #[arg(value_name = "YYYY-MM")]
        period: String,
        #[arg(long, default_value = "soft")]
        kind: LockArg,
        #[arg(long)]
        reason: String,
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
    Unlock {
        #[arg(value_name = "YYYY-MM")]
        period: String,
        #[arg(long)]
        reason: String,
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Subcommand)]
pub enum IdentityCommand {
    /// Makes a key in a file of its owner's, behind TIEOUT_KEY_PASSPHRASE, and prints its public half.
    New {
        #[arg(long)]
        name: String,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// From now on what this key signs counts as said by that person.
    Trust {
        #[arg(long)]
        name: String,
        /// The public half, hex.
        #[arg(long, value_name = "HEX")]
        key: String,
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
    Revoke {
        /// As the list names it.
        id: String,
        #[arg(long)]
        reason: String,
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
    List {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Subcommand)]
pub enum BundleCommand {
    /// Writes what waits for approval, or the proposals named, to a file for a reviewer.
    Export {
        ids: Vec<String>,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
    /// For the reviewer: what is in it. Needs no data folder.
    Show { file: PathBuf },
    /// For the reviewer: approves all of it, or all but what is rejected. TIEOUT_KEY_PASSPHRASE opens the key.
    Sign {
        file: PathBuf,
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// A posting that is not approved.
        #[arg(long = "reject", value_name = "ID")]
        rejected: Vec<String>,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Takes the answer back: approves exactly what the reviewer saw, once.
    Return {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
}

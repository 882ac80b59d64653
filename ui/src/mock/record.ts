/** The record's part of the pretend backend: sign-offs, locks, backups, people and bundles. */
import type {
  BackupView,
  CloseView,
  LockRequest,
  MakeBackupRequest,
  PeopleView,
  PeriodFileRequest,
  PeriodRequest,
  RestorePreviewRequest,
  RestoreView,
  RevokeRequest,
  SignOffRequest,
  TrustRequest,
  UnlockRequest,
  WithdrawRequest,
} from "../shared/ipc";
import type { Handlers } from "../shared/ipc/mock";

const NOW = "2026-02-02T08:30:00Z";

export function recordHandlers(): Handlers {
  const digest = "7d".repeat(32);
  const close: CloseView = {
    period: "2026-01",
    digest,
    mode: "roles; nobody approves their own",
    user: "mira",
    signOffs: [
      {
        id: "1",
        role: "preparer",
        by: "ann",
        at: "2026-02-01T17:05:00Z",
        digest: "a1".repeat(32),
        suspended: true,
        changesTotal: 2,
        changes: [
          { what: "account 1210 USD, closing", before: "1518.97", after: "1413.54" },
          { what: "record xcart/larkspur#payment#812:3 on 0", before: "", after: "2026-01-31, -105.43, open, " },
        ],
      },
    ],
    lock: null,
    emptyReason: "",
  };
  const people: PeopleView = {
    mode: "roles; nobody approves their own",
    people: [
      { name: "ann", roles: ["preparer"], limits: "" },
      { name: "bea", roles: ["approver", "reviewer"], limits: "up to 5000.00 an entry" },
    ],
    identities: [{ id: "4f1c2b7a90de8831", name: "bea", since: "2026-01-05T09:00:00Z", revokedAt: null }],
    bundles: [{ nonce: "9b".repeat(16), by: "ann", at: "2026-02-01T16:00:00Z", answeredBy: "bea", answeredAt: NOW }],
    waiting: 12,
  };
  let backups: BackupView[] = [
    {
      path: "/data/backups/tieout-20260201T083000.000Z-daily.sqlite3",
      name: "tieout-20260201T083000.000Z-daily.sqlite3",
      madeAt: "2026-02-01T08:30:00Z",
      why: "by itself, once a day",
      kibibytes: 25_600,
      encrypted: false,
    },
  ];
  const restored: RestoreView = {
    path: backups[0]?.path ?? "",
    digest,
    rows: 1_180,
    records: 21_004,
    postings: 241,
    decisions: 18,
    newest: "2026-02-01T08:29:00Z",
    sameBooks: true,
    lost: 60,
    lostRows: [{ sequence: 1_240, at: NOW, actor: "mira", action: "posting approved", subject: "posting/p-1" }],
  };
  const done = (message: string) => ({ message, undoable: false, nextId: null, open: null });
  const file = (name: string, message: string) => ({ path: `/reports/${name}`, sha256: digest, message });
  return {
    close_state: (request: PeriodRequest) => ({ ...close, period: request.period }),
    sign_off: (request: SignOffRequest) => {
      close.signOffs = [
        ...close.signOffs,
        {
          id: String(close.signOffs.length + 1),
          role: request.role,
          by: close.user,
          at: NOW,
          digest,
          suspended: false,
          changes: [],
          changesTotal: 0,
        },
      ];
      return close;
    },
    withdraw_sign_off: (request: WithdrawRequest) => {
      close.signOffs = close.signOffs.filter(({ id }) => id !== request.id);
      return done("Sign-off withdrawn");
    },
    lock_period: (request: LockRequest) => {
      close.lock = { hard: request.hard, by: close.user, at: NOW, reason: request.reason };
      return done(`${request.period} locked`);
    },
    unlock_period: (request: UnlockRequest) => {
      close.lock = null;
      return done(`${request.period} unlocked`);
    },
    write_certificate: (request: PeriodFileRequest) =>
      file(`larkspur-certificate-${request.period}.json`, "812 records, each once"),
    export_audit: () => file("audit-trail.jsonl", "1240 rows, head 9e3779b97f4a7c15"),
    people: () => people,
    trust_identity: (request: TrustRequest) => {
      people.identities = [...people.identities, { id: "00aa", name: request.name, since: NOW, revokedAt: null }];
      return done(`${request.name} can sign from now on`);
    },
    revoke_identity: (request: RevokeRequest) => {
      people.identities = people.identities.map((one) => (one.id === request.id ? { ...one, revokedAt: NOW } : one));
      return done("Key revoked");
    },
    hand_out_bundle: () => file("tieout-bundle-20260202T083000Z.json", "12 entries to review"),
    take_answer: () => ({
      by: "bea",
      approved: 11,
      left: ["p-7: it changed since it was read"],
      rejected: [],
      message: "11 entries approved by bea",
    }),
    backups: () => backups,
    make_backup: (request: MakeBackupRequest) => {
      const name = `tieout-20260202T083000.000Z-manual.sqlite3${request.passphrase ? ".age" : ""}`;
      const made = {
        path: `/data/backups/${name}`,
        name,
        madeAt: NOW,
        why: "asked for",
        kibibytes: 25_600,
        encrypted: request.passphrase !== "",
      };
      backups = [made, ...backups];
      return done(`Backup made and verified: ${name}`);
    },
    restore_preview: (request: RestorePreviewRequest) => ({ ...restored, path: request.path }),
    restore_backup: () => done("Restored; what it replaced lies in /data/backups/replaced"),
    support_preview: () => ({ text: "tieout: 0.1.0\nsystem: linux x86_64\naudit rows: 1240\n" }),
    save_support: () => file("tieout-support.txt", "Support text saved"),
  };
}

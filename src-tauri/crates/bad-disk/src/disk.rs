//! What the disk does, for the whole process: SQLite has one table of functions for all connections.

use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No space: writes and truncations fail, what is there can be read.
    Full,
    /// Reads, writes, syncs, deletes and opens fail.
    Broken,
    /// Locks are held by somebody else.
    Locked,
}

#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub kind: Kind,
    /// The first call of a kind that can fail so which does, from 1.
    pub at: u64,
    /// And every one after it.
    pub stays: bool,
}

/// What reached the disk, in order.
#[derive(Clone, Debug)]
pub enum Op {
    Write {
        file: String,
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        file: String,
        len: usize,
    },
    /// Everything written to the file before is on the platter.
    Sync {
        file: String,
    },
    Delete {
        file: String,
    },
    /// Said by the test: this was acknowledged.
    Mark(u64),
}

#[derive(Default)]
struct Disk {
    fault: Option<Fault>,
    calls: u64,
    hit: u64,
    log: Option<Vec<Op>>,
}

static DISK: Mutex<Disk> = Mutex::new(Disk { fault: None, calls: 0, hit: 0, log: None });

fn disk() -> MutexGuard<'static, Disk> {
    DISK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on, counted anew.
pub fn fail(fault: Fault) {
    let mut disk = disk();
    disk.fault = Some(fault);
    disk.calls = 0;
    disk.hit = 0;
}

/// Gives how many calls failed.
pub fn heal() -> u64 {
    let mut disk = disk();
    disk.fault = None;
    disk.hit
}

/// Calls that could have failed since the fault was set.
pub fn calls() -> u64 {
    disk().calls
}

/// From an empty log on.
pub fn record() {
    disk().log = Some(Vec::new());
}

pub fn recorded() -> Vec<Op> {
    disk().log.take().unwrap_or_default()
}

pub fn mark(number: u64) {
    note(|| Op::Mark(number));
}

pub(crate) fn note(op: impl FnOnce() -> Op) {
    if let Some(log) = &mut disk().log {
        log.push(op());
    }
}

/// Whether this call fails.
pub(crate) fn fails(can: &[Kind]) -> Option<Kind> {
    let mut disk = disk();
    let fault = disk.fault?;
    if !can.contains(&fault.kind) {
        return None;
    }
    disk.calls += 1;
    let now = disk.calls == fault.at || (fault.stays && disk.calls > fault.at);
    if now {
        disk.hit += 1;
    }
    now.then_some(fault.kind)
}

//! SQLite's own layer with ours on top. Each function asks the disk whether it fails, notes what it writes, and calls the
//! one below.

use crate::disk::{Kind, Op, fails, note};
use rusqlite::ffi;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::sync::Once;
use std::sync::atomic::{AtomicPtr, Ordering};

/// In front of the file of the layer below, in the memory SQLite gives.
#[repr(C)]
struct Ours {
    base: ffi::sqlite3_file,
    /// A `String`, or null where the file has no name.
    name: *mut String,
}

static BELOW: AtomicPtr<ffi::sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());

/// From here on every connection that is opened goes through this disk.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: SQLite's default layer lives as long as the process, and so does ours, which is leaked.
        unsafe {
            let below = ffi::sqlite3_vfs_find(std::ptr::null());
            assert!(!below.is_null(), "SQLite has no layer");
            BELOW.store(below, Ordering::SeqCst);
            let ours = Box::leak(Box::new(ffi::sqlite3_vfs { ..*below }));
            ours.szOsFile += size_of::<Ours>() as c_int;
            ours.zName = c"bad-disk".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            ours.xAccess = Some(access);
            ours.xFullPathname = Some(full_pathname);
            assert_eq!(ffi::sqlite3_vfs_register(ours, 1), ffi::SQLITE_OK);
        }
    });
}

fn below() -> *mut ffi::sqlite3_vfs {
    BELOW.load(Ordering::SeqCst)
}

/// SAFETY of all below: SQLite calls these with a file that `open` made, whose memory holds `Ours` and behind it the file
/// of the layer below, until `close`.
unsafe fn inner(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    unsafe { file.cast::<Ours>().add(1).cast() }
}

unsafe fn methods<'a>(file: *mut ffi::sqlite3_file) -> &'a ffi::sqlite3_io_methods {
    unsafe { &*(*inner(file)).pMethods }
}

unsafe fn name<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a String> {
    unsafe { (*file.cast::<Ours>()).name.as_ref() }
}

fn last_part(path: *const c_char) -> Option<String> {
    if path.is_null() {
        return None;
    }
    // SAFETY: SQLite's paths end with a zero.
    let path = unsafe { CStr::from_ptr(path) }.to_string_lossy();
    path.rsplit('/').next().map(ToOwned::to_owned)
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        let ours = file.cast::<Ours>();
        (*ours).base.pMethods = std::ptr::null();
        (*ours).name = std::ptr::null_mut();
        if fails(&[Kind::Broken]).is_some() {
            return ffi::SQLITE_CANTOPEN;
        }
        let Some(next) = (*below()).xOpen else { return ffi::SQLITE_CANTOPEN };
        let result = next(below(), path, inner(file), flags, out);
        if !(*inner(file)).pMethods.is_null() {
            (*ours).base.pMethods = &raw const METHODS.0;
            (*ours).name = last_part(path).map_or(std::ptr::null_mut(), |it| Box::into_raw(Box::new(it)));
        }
        result
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, path: *const c_char, sync: c_int) -> c_int {
    if fails(&[Kind::Broken]).is_some() {
        return ffi::SQLITE_IOERR_DELETE;
    }
    if let Some(file) = last_part(path) {
        note(|| Op::Delete { file });
    }
    unsafe { (*below()).xDelete.map_or(ffi::SQLITE_IOERR, |next| next(below(), path, sync)) }
}

unsafe extern "C" fn access(_: *mut ffi::sqlite3_vfs, path: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    unsafe { (*below()).xAccess.map_or(ffi::SQLITE_IOERR, |next| next(below(), path, flags, out)) }
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    unsafe { (*below()).xFullPathname.map_or(ffi::SQLITE_IOERR, |next| next(below(), path, room, out)) }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let ours = file.cast::<Ours>();
        if !(*ours).name.is_null() {
            drop(Box::from_raw((*ours).name));
            (*ours).name = std::ptr::null_mut();
        }
        methods(file).xClose.map_or(ffi::SQLITE_OK, |next| next(inner(file)))
    }
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, amount: c_int, at: i64) -> c_int {
    if fails(&[Kind::Broken]).is_some() {
        return ffi::SQLITE_IOERR_READ;
    }
    unsafe { methods(file).xRead.map_or(ffi::SQLITE_IOERR, |next| next(inner(file), to, amount, at)) }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, amount: c_int, at: i64) -> c_int {
    match fails(&[Kind::Full, Kind::Broken]) {
        Some(Kind::Full) => return ffi::SQLITE_FULL,
        Some(_) => return ffi::SQLITE_IOERR_WRITE,
        None => {}
    }
    unsafe {
        if let Some(name) = name(file) {
            let bytes = std::slice::from_raw_parts(from.cast::<u8>(), amount as usize);
            note(|| Op::Write { file: name.clone(), at: at as usize, bytes: bytes.to_vec() });
        }
        methods(file).xWrite.map_or(ffi::SQLITE_IOERR, |next| next(inner(file), from, amount, at))
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: i64) -> c_int {
    if fails(&[Kind::Full, Kind::Broken]).is_some() {
        return ffi::SQLITE_IOERR_TRUNCATE;
    }
    unsafe {
        if let Some(name) = name(file) {
            note(|| Op::Truncate { file: name.clone(), len: len as usize });
        }
        methods(file).xTruncate.map_or(ffi::SQLITE_IOERR, |next| next(inner(file), len))
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    if fails(&[Kind::Broken]).is_some() {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    unsafe {
        if let Some(name) = name(file) {
            note(|| Op::Sync { file: name.clone() });
        }
        // The platter is simulated; a real sync would only make the test wait.
        let _ = flags;
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    unsafe { methods(file).xFileSize.map_or(ffi::SQLITE_IOERR, |next| next(inner(file), out)) }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    if fails(&[Kind::Locked]).is_some() {
        return ffi::SQLITE_BUSY;
    }
    unsafe { methods(file).xLock.map_or(ffi::SQLITE_OK, |next| next(inner(file), level)) }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { methods(file).xUnlock.map_or(ffi::SQLITE_OK, |next| next(inner(file), level)) }
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    unsafe { methods(file).xCheckReservedLock.map_or(ffi::SQLITE_OK, |next| next(inner(file), out)) }
}

unsafe extern "C" fn file_control(file: *mut ffi::sqlite3_file, op: c_int, arg: *mut c_void) -> c_int {
    unsafe { methods(file).xFileControl.map_or(ffi::SQLITE_NOTFOUND, |next| next(inner(file), op, arg)) }
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { methods(file).xSectorSize.map_or(512, |next| next(inner(file))) }
}

/// Nothing is promised: a write may be torn, and syncs are all there is.
unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    0
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    unsafe { methods(file).xShmMap.map_or(ffi::SQLITE_IOERR, |next| next(inner(file), page, size, extend, out)) }
}

unsafe extern "C" fn shm_lock(file: *mut ffi::sqlite3_file, at: c_int, n: c_int, flags: c_int) -> c_int {
    if flags & ffi::SQLITE_SHM_LOCK != 0 && fails(&[Kind::Locked]).is_some() {
        return ffi::SQLITE_BUSY;
    }
    unsafe { methods(file).xShmLock.map_or(ffi::SQLITE_IOERR, |next| next(inner(file), at, n, flags)) }
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    unsafe {
        if let Some(next) = methods(file).xShmBarrier {
            next(inner(file));
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    unsafe { methods(file).xShmUnmap.map_or(ffi::SQLITE_OK, |next| next(inner(file), delete)) }
}

struct Methods(ffi::sqlite3_io_methods);

// SAFETY: a table of functions that is only read.
unsafe impl Sync for Methods {}

static METHODS: Methods = Methods(ffi::sqlite3_io_methods {
    iVersion: 2, // without memory maps, which would go past this layer
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
});

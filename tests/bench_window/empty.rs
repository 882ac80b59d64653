//! The least a Tauri program can be: one window, one word.

use std::borrow::Cow;
use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{Assets, Runtime};

pub const FLAG: &str = "--empty";
pub const SHOWN: &str = "p";

struct OneWord;

impl<R: Runtime> Assets<R> for OneWord {
    fn get(&self, _key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(b"<!doctype html><title>Empty</title><p>Empty</p>"))
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::empty())
    }

    fn csp_hashes(&self, _html_path: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}

pub fn run() {
    let mut context = tauri::generate_context!();
    context.set_assets(Box::new(OneWord));
    tauri::Builder::default().run(context).expect("an empty window opens");
}

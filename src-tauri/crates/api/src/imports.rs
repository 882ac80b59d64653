//! Settlement and bank files: looked at before they are kept, listed, and taken back as a unit.

use crate::app::App;
use crate::problem;
use crate::show;
use crate::views::{
    ActionDone, ColumnMapping, ImportPreview, ImportPreviewRequest, ImportView, Problem, SampleRow, SettingsRemark,
    Tone, Topic, UndoImportRequest,
};
use std::path::Path;
use tieout_services as services;
use tieout_store::StoreError;

pub fn import_preview(app: &App, request: ImportPreviewRequest) -> Result<ImportPreview, Problem> {
    let source = request.source.trim();
    if source.is_empty() {
        let remedy = "Name where the file comes from, such as stripe or bank.";
        return Err(problem::bad_request("The file has no source", remedy, app.company.now()));
    }
    let found = services::preview_file(&app.company, Path::new(&request.path), source);
    let found = found.map_err(|error| app.problem(error))?;
    let mut remarks = Vec::new();
    if let Some((line, why)) = found.wrong {
        remarks.push(SettingsRemark {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: 1,
            tone: Tone::Bad,
            message: why,
            remedy: "Correct that line, or map the column; nothing of the file is imported before.".into(),
        });
    }
    Ok(ImportPreview {
        path: request.path,
        source: source.to_owned(),
        rows: show::count(found.rows),
        columns: found.columns,
        mapping: found
            .mapping
            .into_iter()
            .map(|it| ColumnMapping { field: it.field.to_owned(), column: it.column, required: it.required })
            .collect(),
        sample: found.sample.into_iter().map(|cells| SampleRow { cells }).collect(),
        remarks,
        known: show::count(found.known),
    })
}

/// Newest first. A file with a wrong line is not imported at all, so none has refused rows.
pub fn imports(app: &App) -> Result<Vec<ImportView>, Problem> {
    let read = app.company.store.read(|reader| {
        let batches = reader.import_batches()?.into_iter();
        let views = batches.map(|it| {
            let totals = reader.import_totals(it.id)?;
            Ok(ImportView {
                id: it.id.to_string(),
                file: it.file_name,
                source: it.source.0.trim_start_matches("file/").to_owned(),
                at: it.at.to_string(),
                rows: it.rows,
                refused: 0,
                totals: totals.into_iter().map(show::amount).collect(),
                undone: it.undone_at.is_some(),
            })
        });
        views.collect::<Result<Vec<_>, StoreError>>()
    });
    read.map_err(|error| app.problem(error))
}

/// Rows that another standing file holds too stay.
pub fn undo_import(app: &App, request: UndoImportRequest) -> Result<ActionDone, Problem> {
    let unknown = || {
        let title = format!("There is no import {}", request.id);
        problem::bad_request(title, "Look at the list of imports again.", app.company.now())
    };
    let id: i64 = request.id.parse().map_err(|_| unknown())?;
    let batch = app.company.store.read(|reader| reader.import_batch(id)).map_err(|error| app.problem(error))?;
    let batch = batch.ok_or_else(unknown)?;
    let report = app.company.store.write(&app.user, app.company.now(), |tx| tx.undo_import(id));
    let report = report.map_err(|error: StoreError| app.problem(error))?;
    app.jobs.changed(vec![Topic::App, Topic::Matching, Topic::Exceptions, Topic::TieOut, Topic::Settings]);
    let kept =
        if report.kept > 0 { format!(", {} kept because another file holds them", report.kept) } else { String::new() };
    Ok(ActionDone {
        message: format!(
            "Took {} back: {} rows removed{kept}. Match and propose again.",
            batch.file_name, report.removed
        ),
        undoable: false,
        next_id: None,
        open: None,
    })
}

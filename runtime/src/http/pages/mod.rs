//! `[pages]`: a folder of static files.
//!
//! - [`Pages`]: which file a request gets, and which answer goes with it.
//! - `address`: which files the address of a request may mean.
//! - `folder`: finds files in the folder, and nowhere else.
//! - `file`: a file as an answer: its type, its version, ranges of it, compressed where that is worth it.
//! - `headers`: what browsers are told with every page.
//! - [`Lost`]: who gets the page 404.html.

mod address;
mod file;
mod folder;
mod headers;
mod lost;

pub(super) use lost::Lost;

use crate::{
    config::Config,
    error::{Code, Error},
};
use axum::response::Response;
use folder::Folder;
use headers::PageHeaders;
use http::{StatusCode, Uri, request::Parts};
use std::{io, path::PathBuf};

/// The page for addresses that lead nowhere.
const NOT_FOUND: &str = "404.html";

/// A folder of static files, and what browsers are told with them.
pub(crate) struct Pages {
    folder: Folder,
    headers: PageHeaders,
}

/// Why the pages cannot be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PagesError {
    #[error(
        "{place}pages.dir: {} cannot be served: {problem}. Relative paths start at the working directory, {}. Name a directory, \
         or leave the key out to serve no files",
        dir.display(),
        working_directory()
    )]
    Folder { place: String, dir: PathBuf, problem: String },
    #[error(
        "{place}pages.dir: the page {} would never be seen, since its address tells whether the server works: choose another name, or \
         another health.path{health}",
        page.display()
    )]
    Hidden { place: String, page: PathBuf, health: String },
}

impl Pages {
    /// The folder of `pages.dir`, where the settings name one, and that is not wrong in itself.
    ///
    /// # Errors
    /// It is not there, or no folder; or a page in it would be hidden by the health endpoints.
    pub fn open(config: &Config) -> Result<Option<Self>, PagesError> {
        let settings = &config.settings().pages;
        let Some(dir) = settings.dir.as_ref().filter(|_| !config.is_unsure(&["pages", "dir"])) else { return Ok(None) };
        let folder = Folder::open(dir).map_err(|error| PagesError::Folder {
            place: config.place(&["pages", "dir"]),
            dir: dir.clone(),
            problem: match error.kind() {
                io::ErrorKind::NotFound => "there is no such directory".to_owned(),
                io::ErrorKind::NotADirectory => "it is not a directory".to_owned(),
                _ => error.to_string(),
            },
        })?;
        let health = config.settings().health.paths().filter(|_| !config.is_unsure(&["health"]));
        for path in health.into_iter().flatten() {
            let files = [path.clone(), path + ".html"].map(|file| dir.join(file.trim_start_matches('/')));
            if let Some(page) = files.into_iter().find(|file| file.is_file()) {
                let health =
                    config.origin(&["health", "path"]).map(|origin| format!(" ({origin})")).unwrap_or_default();
                return Err(PagesError::Hidden { place: config.place(&["pages", "dir"]), page, health });
            }
        }
        Ok(Some(Self { folder, headers: PageHeaders::new(settings) }))
    }

    /// The file at the address of a GET or HEAD request; `None` where there is none.
    ///
    /// # Errors
    /// It is there, and cannot be read.
    pub async fn serve(&self, head: &Parts) -> Result<Option<Response>, Error> {
        let Some(path) = self.find(&head.uri).await? else { return Ok(None) };
        let mut response = match file::answer(&path, &head.headers).await {
            Ok(response) => response,
            Err(error) => return none_or_error(error),
        };
        self.headers.mark(&mut response, address::is_asset(&head.uri));
        Ok(Some(response))
    }

    /// Whether a file is at this address.
    pub async fn have(&self, uri: &Uri) -> bool {
        self.find(uri).await.is_ok_and(|path| path.is_some())
    }

    /// The page 404.html with its status; `None` where there is none that can be read.
    pub async fn not_found(&self, lost: Lost) -> Option<Response> {
        let path = self.folder.find(vec![NOT_FOUND.into()]).await.ok()??;
        let mut response = file::answer(&path, &lost.headers()).await.ok()?;
        *response.status_mut() = StatusCode::NOT_FOUND;
        file::forget_version(&mut response);
        self.headers.mark(&mut response, false);
        Some(response)
    }

    async fn find(&self, uri: &Uri) -> Result<Option<PathBuf>, Error> {
        let candidates = address::files(uri);
        if candidates.is_empty() {
            return Ok(None);
        }
        self.folder.find(candidates).await.or_else(none_or_error)
    }
}

/// Nothing, where a file or a folder on the way to it is not there.
fn none_or_error<T>(error: io::Error) -> Result<Option<T>, Error> {
    if folder::leads_nowhere(&error) {
        return Ok(None);
    }
    let code = if folder::too_many_are_open(&error) { Code::Overloaded } else { Code::Internal };
    Err(Error::new(code).with_cause(error))
}

fn working_directory() -> String {
    std::env::current_dir().map_or_else(|_| "which is gone".to_owned(), |dir| dir.display().to_string())
}

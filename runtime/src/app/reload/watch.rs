//! Notices that the settings are to be read again: at a signal, or when a file has changed.

use super::{outcome, reload};
use crate::{app::AppState, config::Contents};
use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    signal::unix::Signal,
    sync::Notify,
    task::spawn_blocking,
    time::{Instant, timeout},
};

/// How long nothing must happen after a change: who writes one file may be about to write another.
const CALM: Duration = Duration::from_millis(200);
/// Where it never becomes calm, the files are looked at after this.
const LONGEST: Duration = Duration::from_secs(2);

/// Reads the settings again at each signal, and when a file has changed, for ever.
pub(in crate::app) async fn reload_when_told(app: Arc<AppState>, signal: &mut Signal) {
    outcome::started();
    let mut files = Files::new(app.config().contents().clone());
    loop {
        files.follow(&app);
        let asked = tokio::select! {
            // what has changed as well is read then, once
            biased;
            told = signal.recv() => match told {
                Some(()) => {
                    files.look().await;
                    true
                }
                // no more signals come
                None => std::future::pending().await,
            },
            () = files.changed() => false,
        };
        reload_now(&app, asked).await;
        // other settings name other files
        files.add(app.config().contents());
    }
}

async fn reload_now(app: &Arc<AppState>, asked: bool) {
    let app = app.clone();
    let done = spawn_blocking(move || outcome::tell(&reload(&app), asked)).await;
    if let Err(error) = done {
        tracing::error!(%error, "the reload was broken off: settings may be half new; restart the server");
    }
}

/// The files that matter, and who tells when something happens around them.
struct Files {
    /// What was in them when they were last looked at, before that was read.
    seen: Contents,
    places: Places,
    watcher: Option<RecommendedWatcher>,
    news: Arc<News>,
}

/// Where something happens when one of the files becomes another.
///
/// Folders, as editors put a new file in the place of the old one, and Kubernetes a new folder behind a link; and what they are
/// in, as others put a new folder in the place of the old one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Places {
    folders: BTreeSet<PathBuf>,
    ways: BTreeSet<PathBuf>,
}

/// What a watcher has told.
#[derive(Debug, Default)]
struct News {
    stirred: Notify,
    /// A watched folder may be another one now, which nobody watches.
    moved: AtomicBool,
}

impl Files {
    fn new(seen: Contents) -> Self {
        Self { seen, places: Places::default(), watcher: None, news: Arc::default() }
    }

    /// Watches the places of the files, where the settings want that.
    fn follow(&mut self, app: &AppState) {
        if !app.settings().reload.watch {
            self.watcher = None;
            return;
        }
        let places = Places::of(&self.seen);
        if self.watcher.is_some() && places == self.places && !self.news.moved.swap(false, Ordering::Relaxed) {
            return;
        }
        self.places = places;
        self.watcher = self.watch();
        // what happened before is noticed, too
        self.news.stirred.notify_one();
    }

    /// Watches what is there now, where folders took the place of others.
    fn follow_moves(&mut self) {
        if self.news.moved.swap(false, Ordering::Relaxed) {
            self.places = Places::of(&self.seen);
            self.watcher = self.watch();
        }
    }

    fn watch(&self) -> Option<RecommendedWatcher> {
        let (news, places) = (self.news.clone(), self.places.clone());
        let tell = move |event: notify::Result<Event>| {
            if let Ok(event) = event {
                news.hear(&event, &places);
            }
        };
        let mut watcher = match notify::recommended_watcher(tell) {
            Ok(watcher) => watcher,
            Err(error) => {
                tracing::warn!(%error, "files of the configuration are not watched: after a change, send SIGHUP");
                return None;
            }
        };
        for folder in self.places.watched() {
            match watcher.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => {}
                // it went away meanwhile, which is told by the one it was in
                Err(_) if !folder.exists() => {}
                Err(error) => {
                    let folder = folder.display();
                    tracing::warn!(%error, "{folder} is not watched: after a change of the configuration, send SIGHUP");
                }
            }
        }
        Some(watcher)
    }

    /// Waits until one of the files has other contents, and nothing more happens around them.
    async fn changed(&mut self) {
        loop {
            self.news.stirred.notified().await;
            let began = Instant::now();
            while began.elapsed() < LONGEST && timeout(CALM, self.news.stirred.notified()).await.is_ok() {}
            if self.watcher.is_none() {
                continue;
            }
            self.follow_moves();
            if self.look().await {
                return;
            }
        }
    }

    /// Looks at the files. Whether they have other contents than before.
    async fn look(&mut self) -> bool {
        let before = self.seen.clone();
        match spawn_blocking(move || before.now()).await {
            Ok(now) => std::mem::replace(&mut self.seen, now) != self.seen,
            Err(_) => false,
        }
    }

    /// Takes files among those that matter, unless they are known.
    fn add(&mut self, named: &Contents) {
        self.seen.add(named);
    }
}

impl Places {
    fn of(files: &Contents) -> Self {
        Self { folders: files.folders(), ways: files.ways() }
    }

    /// The folders to watch.
    fn watched(&self) -> BTreeSet<&Path> {
        let around = self.ways.iter().filter_map(|way| way.parent());
        self.folders.iter().map(PathBuf::as_path).chain(around).collect()
    }
}

impl News {
    /// Takes in what a watcher tells. What else happens in the folder around a folder of files is nobody's business.
    fn hear(&self, event: &Event, places: &Places) {
        if !may_change(event.kind) {
            return;
        }
        let moved = event.paths.iter().any(|path| places.ways.contains(path) || places.folders.contains(path));
        let within = |path: &PathBuf| path.parent().is_some_and(|folder| places.folders.contains(folder));
        // without a path it may be anything, as after too many of them
        if moved || event.paths.is_empty() {
            self.moved.store(true, Ordering::Relaxed);
        } else if !event.paths.iter().any(within) {
            return;
        }
        self.stirred.notify_one();
    }
}

/// Whether a file may be another one after this. Reading is no change; what reads the settings would wake itself.
fn may_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

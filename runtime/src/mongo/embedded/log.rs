//! `mongod`'s log file: kept small, and quoted when something went wrong.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::log::escaped;
use serde_json::Value;

/// The log is emptied when it has grown past this.
const LIMIT: u64 = 16 * 1024 * 1024;

/// How much of the end is looked at for a quotation.
const TAIL: u64 = 64 * 1024;

/// Opens the log for a new `mongod`. The log of the one before is kept beside it, since it may tell why that one died.
pub(super) fn start(path: &Path) -> io::Result<File> {
    match fs::rename(path, path.with_extension("previous.log")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

/// Empties the log whenever it has grown too large; never returns. `mongod` writes a few hundred bytes a minute and would
/// fill a disk in a year. It appends (`O_APPEND`), so it may be cut under its hands.
pub(super) async fn keep_small(path: PathBuf) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        cut(&path, LIMIT);
    }
}

/// Best effort: a log that cannot be cut is no reason to stop anything.
fn cut(path: &Path, limit: u64) {
    if let Ok(file) = OpenOptions::new().write(true).open(path)
        && file.metadata().is_ok_and(|found| found.len() > limit)
    {
        let _ = file.set_len(0);
    }
}

/// The last telling lines, made readable: errors if there are any, else whatever came last.
pub(super) fn quote(path: &Path) -> String {
    let tail = tail(path).unwrap_or_default();
    let lines: Vec<&str> = tail.lines().filter(|line| !line.trim().is_empty()).collect();
    let severe: Vec<&str> = lines.iter().copied().filter(|line| is_severe(line)).collect();
    let chosen = if severe.is_empty() { lines } else { severe };
    let quoted: Vec<String> = chosen.iter().rev().take(3).rev().map(|line| readable(line)).collect();
    if quoted.is_empty() { "(nothing)".to_owned() } else { quoted.join(" | ") }
}

fn tail(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Severities F and E of mongod's structured log; a line without structure comes from the loader or the option parser.
fn is_severe(line: &str) -> bool {
    match serde_json::from_str::<Value>(line) {
        Ok(entry) => {
            let text = |name| entry.get(name).and_then(Value::as_str).unwrap_or_default();
            // What a dying mongod says about dying is as severe as the reason, and pushes it out of view.
            let about_dying = ["***aborting", "Writing fatal message"];
            matches!(text("s"), "F" | "E")
                && !about_dying.iter().any(|start| text("msg").trim_start().starts_with(start))
        }
        Err(_) => false,
    }
}

/// `{"s": "E", "msg": "DBException in initAndListen", "attr": {"error": …}}` as `DBException in initAndListen: …`, on one line.
fn readable(line: &str) -> String {
    let entry = serde_json::from_str::<Value>(line).unwrap_or_default();
    let text = match (entry.get("msg").and_then(Value::as_str), entry.get("attr")) {
        (None, _) => line.to_owned(),
        (Some(message), None) => message.to_owned(),
        (Some(message), Some(attributes)) => match reason(attributes) {
            Some(reason) => format!("{message}: {reason}"),
            None => format!("{message}: {attributes}"),
        },
    };
    let text = escaped(&text);
    if text.chars().count() > 500 { text.chars().take(500).chain(['…']).collect() } else { text }
}

/// Most parts of mongod say `error`. Its storage engine says what it did in `message.msg`, and what the operating system answered
/// in `message.error_str`.
fn reason(attributes: &Value) -> Option<String> {
    let text = |at| attributes.pointer(at).and_then(Value::as_str);
    match (text("/error"), text("/message/msg"), text("/message/error_str")) {
        (Some(reason), ..) | (None, Some(reason), None) | (None, None, Some(reason)) => Some(reason.to_owned()),
        (None, Some(doing), Some(answer)) => Some(format!("{doing}: {answer}")),
        (None, None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_quoted_readably_and_before_anything_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mongod.log");
        fs::write(
            &path,
            "{\"s\":\"E\",\"msg\":\"DBException in initAndListen\",\"attr\":{\"error\":\"No space left on device\"}}\n\
             {\"s\":\"I\",\"msg\":\"Shutting down\",\"attr\":{\"exitCode\":100}}\n",
        )
        .unwrap();
        assert_eq!(quote(&path), "DBException in initAndListen: No space left on device");
        assert_eq!(quote(&dir.path().join("absent")), "(nothing)");
    }

    #[test]
    fn what_the_operating_system_told_the_storage_engine_is_quoted() {
        let message =
            r#"{"msg":"pwrite: failed to write 128 bytes","error_str":"No space left on device","error_code":28}"#;
        let line = format!(r#"{{"s":"E","msg":"WiredTiger error message","attr":{{"error":28,"message":{message}}}}}"#);
        assert_eq!(
            readable(&line),
            "WiredTiger error message: pwrite: failed to write 128 bytes: No space left on device"
        );
        let alone = r#"{"msg":"WiredTiger error","attr":{"message":{"error_str":"Input/output error"}}}"#;
        assert_eq!(readable(alone), "WiredTiger error: Input/output error");
    }

    #[test]
    fn a_quotation_stays_on_its_line() {
        let line = r#"{"msg":"a","attr":{"error":"b\nerror: forged\u001b[2J"}}"#;
        assert_eq!(readable(line), "a: b\\nerror: forged\\u{1b}[2J");
        assert_eq!(readable("plain\u{202e}output"), "plain\\u{202e}output");
    }

    #[test]
    fn plain_output_is_quoted_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mongod.log");
        fs::write(&path, "mongod: error while loading shared libraries: libcrypto.so.3\n").unwrap();
        assert_eq!(quote(&path), "mongod: error while loading shared libraries: libcrypto.so.3");
    }

    #[test]
    fn a_new_start_keeps_one_older_log_and_a_long_log_is_emptied() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mongod.log");
        fs::write(&path, "old").unwrap();
        drop(start(&path).unwrap());
        assert_eq!(fs::read_to_string(dir.path().join("mongod.previous.log")).unwrap(), "old");

        fs::write(&path, "12345678").unwrap();
        cut(&path, 8);
        assert_eq!(fs::metadata(&path).unwrap().len(), 8);
        cut(&path, 7);
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
    }
}

//! Takes lines to standard error, without waiting for whoever reads there.
//!
//! Standard error is a pipe most often, and a pipe whose reader sleeps is full after 64 KiB: a program that writes there
//! itself then stands still, with all its clients. So lines wait in memory, up to a limit, and a thread writes as many as
//! there are at once. What finds no room is lost, and counted: the log says how many lines are missing. Where nobody reads
//! any more, lines go nowhere.

use std::{
    io::Write,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// How much may wait to be written, in bytes.
const MOST_WAITING: usize = 4 * 1024 * 1024;
/// How much memory is kept for lines when all of them are written, in bytes.
const KEPT: usize = 64 * 1024;

/// Where lines go.
#[derive(Clone)]
pub(super) struct Writer(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    /// Told when there is something to write, and when everything is written.
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Whether the thread is writing what it took.
    writing: bool,
    /// Lines that found no room and are not told of yet.
    lost: u64,
}

impl Writer {
    /// Writes to `output` from a thread of its own.
    ///
    /// # Errors
    /// Where there is no thread to be had.
    pub fn start(output: impl Write + Send + 'static) -> std::io::Result<Self> {
        let writer = Self(Arc::new(Shared { waiting: Mutex::default(), changed: Condvar::new() }));
        let own = writer.clone();
        thread::Builder::new().name("lambdio-log".to_owned()).spawn(move || own.run(output))?;
        Ok(writer)
    }

    /// Hands over a line. Never waits for the output.
    pub fn write(&self, line: &[u8]) {
        let mut waiting = self.lock();
        if waiting.lines.len() + line.len() > MOST_WAITING {
            waiting.lost += 1;
            return;
        }
        let sleeps = waiting.lines.is_empty() && !waiting.writing;
        waiting.lines.extend_from_slice(line);
        drop(waiting);
        if sleeps {
            self.0.changed.notify_all();
        }
    }

    /// Waits until everything is written, but not longer than this.
    pub fn flush(&self, longest: Duration) {
        let end = Instant::now() + longest;
        let mut waiting = self.lock();
        while waiting.writing || !waiting.lines.is_empty() {
            let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else { return };
            waiting = self.0.changed.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn run(&self, mut output: impl Write) {
        let mut lines = Vec::new();
        loop {
            self.take(&mut lines);
            // nobody reads there: it is not the log's to end the program
            let _ = output.write_all(&lines).and_then(|()| output.flush());
            lines.clear();
            lines.shrink_to(KEPT);
            let lost = self.written();
            if lost > 0 {
                tracing::warn!(lines = lost, "lines of the log are missing here: nobody read them in time");
            }
        }
    }

    /// Waits for lines and takes all of them.
    fn take(&self, lines: &mut Vec<u8>) {
        let mut waiting = self.lock();
        while waiting.lines.is_empty() {
            waiting = self.0.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::swap(&mut waiting.lines, lines);
        waiting.writing = true;
    }

    /// What was taken is written. How many lines were lost before there was room again.
    fn written(&self) -> u64 {
        let mut waiting = self.lock();
        waiting.writing = false;
        let lost = std::mem::take(&mut waiting.lost);
        drop(waiting);
        self.0.changed.notify_all();
        lost
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// An output that writes when it is told to.
    struct Slow(Receiver<()>, Sender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_is_written_slowly_waits_up_to_the_limit_and_nobody_waits_for_it() {
        let ((go, wait), (wrote, written)) = (channel(), channel());
        let writer = Writer::start(Slow(wait, wrote)).unwrap();
        let line = [b'x'; 1024];
        for _ in 0..3 * MOST_WAITING / line.len() {
            writer.write(&line);
        }
        writer.flush(Duration::from_millis(1));
        assert!(writer.lock().lost > 0);
        assert!(writer.lock().lines.len() <= MOST_WAITING);
        drop(go);
        writer.flush(Duration::from_secs(10));
        let bytes: usize = written.try_iter().map(|bytes| bytes.len()).sum();
        assert!(bytes >= MOST_WAITING && bytes.is_multiple_of(line.len()), "{bytes}");
    }

    #[test]
    fn a_closed_output_is_survived() {
        let (reader, output) = std::io::pipe().unwrap();
        drop(reader);
        let writer = Writer::start(output).unwrap();
        for _ in 0..3 {
            writer.write(b"nobody hears\n");
            writer.flush(Duration::from_secs(10));
        }
        assert!(writer.lock().lines.is_empty());
    }
}

//! Takes lines to standard error, without waiting for whoever reads there.
//!
//! Standard error is a pipe most often, and a pipe whose reader sleeps is full after 64 KiB: a program that writes there
//! itself then stands still, with all its clients. So lines wait in memory, up to a limit, and a thread writes as many as
//! there are at once. What finds no room, or cannot be written, is lost, and counted: the log says how many lines are missing.
//! Where nobody reads any more, lines go nowhere.

use std::{
    io::{ErrorKind, Write},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How much may wait to be written, in bytes.
const MOST_WAITING: usize = 4 * 1024 * 1024;
/// How much memory is kept for lines when all of them are written, in bytes.
const KEPT: usize = 64 * 1024;
/// Before an output is tried again that has no room.
const PAUSE: Duration = Duration::from_millis(10);

/// Where lines go.
#[derive(Clone)]
pub(super) struct Writer(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// Told when there is something to write, and when everything is written.
    changed: Condvar,
    /// Lines that were lost since the start.
    lost: AtomicU64,
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
        let writer = Self(Arc::default());
        let own = writer.clone();
        thread::Builder::new().name("lambdio-log".to_owned()).spawn(move || own.run(output))?;
        Ok(writer)
    }

    /// Hands over a line. Never waits for the output.
    pub fn write(&self, line: &[u8]) {
        let mut waiting = self.lock();
        if waiting.lines.len() + line.len() > MOST_WAITING {
            waiting.lost += 1;
            self.0.lost.fetch_add(1, Ordering::Relaxed);
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

    /// How many lines were lost since the start.
    pub fn lost(&self) -> u64 {
        self.0.lost.load(Ordering::Relaxed)
    }

    fn run(&self, mut output: impl Write) {
        let (mut lines, mut is_torn, mut missing) = (Vec::new(), false, 0);
        loop {
            self.take(&mut lines);
            let unwritten = write_lines(&mut output, &lines, &mut is_torn);
            lines.clear();
            lines.shrink_to(KEPT);
            self.0.lost.fetch_add(unwritten, Ordering::Relaxed);
            missing += self.written() + unwritten;
            // told where it can be read
            if missing > 0 && unwritten == 0 {
                tracing::warn!(
                    lines = missing,
                    "lines of the log are missing here: nobody read them in time, or they could not be written"
                );
                missing = 0;
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

/// Writes lines. How many could not be written, on a full disk perhaps: it is not the log's to end the program. `is_torn` says
/// that the last line that was written has no end, before and after.
fn write_lines(output: &mut impl Write, lines: &[u8], is_torn: &mut bool) -> u64 {
    if *is_torn {
        *is_torn = write_bytes(output, b"\n") == 0;
    }
    let written = if *is_torn { 0 } else { write_bytes(output, lines) };
    let (done, rest) = lines.split_at_checked(written).unwrap_or((lines, &[]));
    *is_torn |= !rest.is_empty() && done.last().is_some_and(|last| *last != b'\n');
    let _ = output.flush();
    rest.split_inclusive(|byte| *byte == b'\n').count() as u64
}

/// Writes as many bytes as the output takes.
fn write_bytes(output: &mut impl Write, bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while !rest.is_empty() {
        match output.write(rest) {
            Ok(count) if count > 0 => rest = rest.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // whoever shares the output has made it so
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(PAUSE),
            Ok(_) | Err(_) => break,
        }
    }
    bytes.len() - rest.len()
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
        assert_eq!(writer.lost(), writer.lock().lost);
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
        assert_eq!(writer.lost(), 3);
    }

    /// An output that takes so many bytes.
    struct Disk {
        room: usize,
        taken: Vec<u8>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let count = bytes.len().min(self.room);
            if count == 0 {
                return Err(ErrorKind::StorageFull.into());
            }
            self.room -= count;
            self.taken.extend_from_slice(&bytes[..count]);
            Ok(count)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_a_full_disk_does_not_take_is_counted_and_no_line_is_joined_with_another() {
        let (mut disk, mut is_torn) = (Disk { room: 11, taken: Vec::new() }, false);
        assert_eq!(write_lines(&mut disk, b"first\nsecond\nthird\n", &mut is_torn), 2);
        assert!(is_torn);
        assert_eq!(write_lines(&mut disk, b"fourth\n", &mut is_torn), 1);
        disk.room = 1000;
        assert_eq!(write_lines(&mut disk, b"fifth\n", &mut is_torn), 0);
        assert!(!is_torn);
        assert_eq!(disk.taken, b"first\nsecon\nfifth\n");
    }
}

//! Keeps memory that is needed again at once.

/// A block that the allocator is asked for once. It sets how much is kept: twice as much.
const BLOCK: usize = 4 * 1024 * 1024;

/// Makes the allocator keep up to 8 MiB of what was given back to each of its heaps, in place of 128 KiB.
///
/// The GNU C library gives memory back to the system as soon as more than 128 KiB at the end of a heap are free, and asks for
/// it again for the next message: with messages of 60 KiB that was two fifths of an event's time. It learns from a larger
/// block that comes and goes, and keeps twice its size from then on ("dynamic mmap threshold" in
/// <https://man7.org/linux/man-pages/man3/mallopt.3.html>). Settings of the environment such as `MALLOC_TRIM_THRESHOLD_` win.
/// To other allocators it means nothing.
pub(super) fn keep() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(BLOCK)));
}

//! Processes that end with the runtime, also with one that is killed.

use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{Pid, Signal, getpid, getppid, set_parent_process_death_signal};

/// Has the kernel send the signal to the child when the *thread* that starts it ends, however it ends.
pub(super) fn end_with_parent_thread(command: &mut Command, signal: Signal) {
    let parent: Pid = getpid();
    let arm = move || {
        set_parent_process_death_signal(Some(signal))?;
        // The runtime may have died between fork and the line above: no signal would ever come then.
        if getppid() != Some(parent) {
            return Err(rustix::io::Errno::SRCH.into());
        }
        Ok(())
    };
    // SAFETY: between fork and exec only async-signal-safe calls are allowed. `arm` makes two system calls, and its error
    // is a bare number: it takes no lock and allocates nothing.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(arm);
    }
}

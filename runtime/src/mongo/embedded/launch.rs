//! The command line of the private `mongod`.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::log;

/// The replica set's name. Transactions and change streams need a replica set; one member is enough for them.
pub(super) const REPLICA_SET: &str = "rs0";

/// What one `mongod` is started with, the first time and whenever it has to be started again.
#[derive(Debug, Clone)]
pub(super) struct Launch {
    pub(super) binary: PathBuf,
    pub(super) db: PathBuf,
    pub(super) key_file: PathBuf,
    pub(super) log: PathBuf,
    pub(super) port: u16,
}

impl Launch {
    /// Starts `mongod`. Call it on a thread that lives as long as `mongod` may: on Linux, `mongod` gets SIGTERM when the
    /// calling *thread* ends, so that a killed runtime leaves nothing behind.
    pub(super) fn spawn(&self) -> io::Result<Child> {
        // What the loader and mongod's option parser say comes before mongod has a log: both go to the same file.
        let output = log::start(&self.log)?;
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        // Away from the terminal's Ctrl-C: the runtime finishes its own work first and stops the database last.
        command.process_group(0);
        #[cfg(target_os = "linux")]
        super::lifetime::end_with_parent_thread(&mut command, rustix::process::Signal::TERM);
        command.spawn()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .arg("--dbpath")
            .arg(&self.db)
            .args(["--bind_ip", "127.0.0.1", "--port", &self.port.to_string(), "--nounixsocket"])
            .args(["--replSet", REPLICA_SET])
            // Access control, without a way around it: other users of this machine reach the loopback as well.
            .arg("--keyFile")
            .arg(&self.key_file)
            .args(["--setParameter", "enableLocalhostAuthBypass=false"])
            // The secrets are 256 random bits, which stretching does not improve. 5000 is the least allowed.
            .args(["--setParameter", "scramIterationCount=5000"])
            .args(["--setParameter", "scramSHA256IterationCount=5000"])
            // Compression costs more than it saves on the loopback.
            .args(["--networkMessageCompressors", "disabled"])
            // Small on disk and in memory: 8 MB instead of 300 when empty; the oplog would take 5 % of the disk.
            .args(["--wiredTigerEngineConfigString", "log=(file_max=8MB,prealloc=false)"])
            .args(["--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "1024"])
            .args(["--setParameter", "diagnosticDataCollectionEnabled=false"])
            .args(["--quiet", "--slowms", "1000", "--logappend", "--logpath"])
            .arg(&self.log);
        command
    }
}

/// A port of the loopback that is free now. Someone else may take it before `mongod` does: then try another one.
pub(super) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

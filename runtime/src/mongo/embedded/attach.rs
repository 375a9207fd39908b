//! A second process on the `mongod` of a running one: a command beside a server.

use std::fs;

use mongodb::options::ClientOptions;

use super::{EmbeddedError, EmbeddedOptions, data_dir, orphan, replica_set};

/// How to reach the `mongod` of the runtime that uses the data directory now; `None` where nobody does.
///
/// # Errors
/// [`EmbeddedError::InUse`] where its `mongod` cannot be found, as on systems without /proc.
pub(in crate::mongo) async fn attach(options: &EmbeddedOptions) -> Result<Option<ClientOptions>, EmbeddedError> {
    let path = options.data_dir.clone();
    super::start::blocking(move || {
        let owner = data_dir::user_of(&path).map_err(EmbeddedError::io("look at the lock in", &path))?;
        let Some(owner) = owner else { return Ok(None) };
        let found = (|| {
            // as mongod's command line has it
            let root = path.canonicalize().ok()?;
            let port = port(&orphan::command_line_on(&root.join("db"))?)?;
            let password = fs::read_to_string(root.join("password")).ok()?;
            Some(replica_set::application_options(port, password.trim()))
        })();
        let owner = Some(owner).filter(|owner| !owner.is_empty());
        found.map(Some).ok_or_else(|| EmbeddedError::InUse { path: path.clone(), owner })
    })
    .await
}

/// The port in `mongod`'s command line, as /proc has it: each argument ends with a zero byte.
fn port(command_line: &[u8]) -> Option<u16> {
    let mut arguments = command_line.split(|byte| *byte == 0);
    arguments.find(|argument| *argument == b"--port")?;
    str::from_utf8(arguments.next()?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn the_port_is_in_the_command_line() {
        assert_eq!(port(b"/usr/bin/mongod\0--dbpath\0/data/db\0--port\x004711\0--nounixsocket\0"), Some(4711));
        assert_eq!(port(b"/usr/bin/mongod\0--dbpath\0/data/db\0"), None);
        assert_eq!(port(b"/usr/bin/mongod\0--port\0"), None);
    }
}

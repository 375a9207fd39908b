//! Whether an address is one that MongoDB's driver takes.

use mongodb::error::ErrorKind;
use mongodb::options::ConnectionString;

/// Names of options that are not lower-case alone (<https://www.mongodb.com/docs/manual/reference/connection-string-options/>).
const OPTIONS: [&str; 29] = [
    "appName",
    "authMechanism",
    "authMechanismProperties",
    "authSource",
    "connectTimeoutMS",
    "directConnection",
    "heartbeatFrequencyMS",
    "loadBalanced",
    "localThresholdMS",
    "maxConnecting",
    "maxIdleTimeMS",
    "maxPoolSize",
    "maxStalenessSeconds",
    "minPoolSize",
    "readConcernLevel",
    "readPreference",
    "readPreferenceTags",
    "replicaSet",
    "retryReads",
    "retryWrites",
    "serverMonitoringMode",
    "serverSelectionTimeoutMS",
    "srvMaxHosts",
    "srvServiceName",
    "tlsAllowInvalidCertificates",
    "tlsCAFile",
    "tlsCertificateKeyFile",
    "uuidRepresentation",
    "wTimeoutMS",
];

/// What is wrong with an address that begins with `mongodb://` or `mongodb+srv://`. No server is asked.
///
/// The driver's own words quote what it takes for a host, which may be half a password: they are given where the user and the
/// password were understood as such.
pub(super) fn mistake(address: &str) -> Option<String> {
    const HIDDEN: &str = "(its value is not shown)";
    let error = ConnectionString::parse(address).err()?;
    if login(address).is_some_and(|login| login.contains(['/', '?', '#', '[', ']', '@'])) {
        return Some(format!(
            "is not understood: in a user and a password, : / ? # [ ] @ and % are percent-encoded, as in %40 for @ {HIDDEN}"
        ));
    }
    Some(match *error.kind {
        ErrorKind::InvalidArgument { message, .. } if !message.contains("authMechanismProperties") => {
            as_one_writes_them(&message, address)
        }
        _ => format!("is not understood {HIDDEN}"),
    })
}

/// The driver's message with the names of options as they stand in the address, else as its manual has them: it tells all of
/// them in lower case, whatever was written.
fn as_one_writes_them(message: &str, address: &str) -> String {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let given: Vec<&str> = query.split('&').filter_map(|option| option.split('=').next()).collect();
    let spelt = |word: &'_ str| {
        let same = |name: &&str| name.eq_ignore_ascii_case(word);
        given.iter().copied().find(same).or_else(|| OPTIONS.into_iter().find(same)).map(str::to_owned)
    };
    let words: Vec<_> = message.split(' ').map(|word| spelt(word).unwrap_or_else(|| word.to_owned())).collect();
    words.join(" ")
}

/// All that may belong to a user and a password.
fn login(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.rsplit_once('@').map(|(login, _)| login)
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn addresses_of_all_forms_are_right() {
        for address in [
            "mongodb://127.0.0.1",
            "mongodb://ada:p%40ss@a:27017,b:27018/documents?replicaSet=rs0&authSource=admin&tls=true",
            "mongodb+srv://ada:secret@cluster.example.org/?retryWrites=true&w=majority",
            "mongodb://a/?appName=ada@home",
        ] {
            assert_eq!(mistake(address), None, "{address}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_and_no_password() {
        for (address, part) in [
            ("mongodb://ada:hunter2@db:99999/x", "port"),
            ("mongodb://ada:hunter2@db/?replicaset=rs0&foo=bar", "foo is an invalid option"),
            (
                "mongodb://db/?poolSize=5",
                "poolSize is an invalid option. An option with a similar name exists: maxPoolSize",
            ),
            ("mongodb://ada:hunter2@/x", "hostname cannot be empty"),
            ("mongodb://ada:hun?ter2@db/x", "percent-encoded"),
            ("mongodb://ada:hun/ter2@db/x", "percent-encoded"),
            ("mongodb://ada:hun@ter2@db/x", "percent-encoded"),
            ("mongodb://ada:hun%ter2@db/x", "%"),
            ("mongodb+srv://ada:hunter2@db:27017", "port"),
            ("mongodb://db/?authMechanismProperties=hunter2", "not shown"),
        ] {
            let message = mistake(address).expect(address);
            assert!(message.contains(part), "{address}: {message}");
            for secret in ["hunter2", "hun:", "ter2", ":hun", " hun"] {
                assert!(!message.contains(secret), "{address}: {message}");
            }
        }
    }
}

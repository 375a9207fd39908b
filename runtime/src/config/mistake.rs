//! What an application's own check finds in its table.

/// Something that is wrong in a table `[app.<name>]`, although it fits its type. Made by the checks of
/// [`App::settings_checked`](crate::App::settings_checked) and
/// [`App::live_settings_checked`](crate::App::live_settings_checked).
///
/// ```
/// use lambdio::config::Mistake;
///
/// let key = Mistake::at("port", "0 is no port; a number from 1 to 65535");
/// let table = Mistake::of_table("sender or reply_to has to be there");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub(super) key: Option<String>,
    pub(super) message: String,
}

impl Mistake {
    /// Wrong is the value of this key of the table: operators are told its file and line. `message` says what is wrong, and what
    /// would be right.
    pub fn at(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: Some(key.into()), message: message.into() }
    }

    /// Wrong is what several keys say together, or what none of them says.
    pub fn of_table(message: impl Into<String>) -> Self {
        Self { key: None, message: message.into() }
    }
}

//! Why a log-in ends.

use std::fmt;

/// Why a log-in ends before its socket does. The code is part of the contract with clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Ending {
    /// Nobody renewed it in time.
    Expired,
    /// The user logged out, here or everywhere, or ended this session from another one.
    LoggedOut,
    /// The user changed the password in another session.
    PasswordChanged,
    /// A refresh token was used a second time: somebody has a copy.
    Stolen,
    /// The application ended it.
    Revoked,
    /// The account is disabled, or gone.
    Disabled,
    /// The user no longer has a role they had when they connected.
    RoleLost,
    /// The namespace asks for a login, or for roles, that it did not ask for when the user connected.
    PolicyChanged,
}

impl Ending {
    /// Every one, in the order of the documentation.
    #[cfg(test)]
    pub const ALL: [Self; 8] = [
        Self::Expired,
        Self::LoggedOut,
        Self::PasswordChanged,
        Self::Stolen,
        Self::Revoked,
        Self::Disabled,
        Self::RoleLost,
        Self::PolicyChanged,
    ];

    /// The code on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::LoggedOut => "logged_out",
            Self::PasswordChanged => "password_changed",
            Self::Stolen => "refresh_token_reused",
            Self::Revoked => "revoked",
            Self::Disabled => "account_disabled",
            Self::RoleLost => "role_lost",
            Self::PolicyChanged => "policy_changed",
        }
    }

    /// What a person is told.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Expired => "the login has expired: refresh it, and connect again",
            Self::LoggedOut => "the user has logged out",
            Self::PasswordChanged => "the password was changed: log in again",
            Self::Stolen => "the session's refresh token was used twice: log in again",
            Self::Revoked => "the session was ended: log in again",
            Self::Disabled => "the account is disabled",
            Self::RoleLost => "the user no longer has a role they connected with: connect again",
            Self::PolicyChanged => "who may be here has changed: log in, and connect again",
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Ending;
    use std::collections::HashSet;

    #[test]
    fn every_ending_has_its_own_code() {
        let codes: HashSet<_> = Ending::ALL.iter().map(|ending| ending.code()).collect();
        assert_eq!(codes.len(), Ending::ALL.len());
    }
}

//! Who may do something, by role.

use crate::{
    auth::User,
    error::{Code, Error},
};

/// Roles, of which a user needs one. Without any, everybody passes, also who is not logged in. Not to be confused with
/// [`Role`](super::Role), which says what a function is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Roles(Box<[String]>);

impl Roles {
    /// What the configuration says, else the attribute.
    pub fn new(configured: Option<&[String]>, attribute: &[&str]) -> Self {
        match configured {
            Some(roles) => Self(roles.into()),
            None => Self(attribute.iter().map(|role| (*role).to_owned()).collect()),
        }
    }

    /// Whether everybody passes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Lets a user pass who has one of them.
    ///
    /// # Errors
    /// `unauthenticated` where nobody is logged in, `forbidden` for a user without any of them. Which would do is not said.
    pub fn admit(&self, user: Option<&User>) -> Result<(), Error> {
        match user {
            _ if self.is_empty() => Ok(()),
            Some(user) if self.0.iter().any(|role| user.has_role(role)) => Ok(()),
            Some(_) => Err(Code::Forbidden.into()),
            None => Err(Code::Unauthenticated.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(roles: &Roles, user: Option<&User>) -> Option<String> {
        roles.admit(user).err().map(|error| error.code().to_owned())
    }

    #[test]
    fn one_of_the_roles_is_enough_and_another_one_is_not() {
        let user = |roles: &[&str]| {
            User::without_session("1".into(), "ada".into(), roles.iter().map(ToString::to_string).collect())
        };
        let roles = Roles::new(None, &["admin", "editor"]);
        assert_eq!(refusal(&roles, Some(&user(&["reader", "editor"]))), None);
        for lacking in [&["reader"][..], &["Admin"], &["admin "], &[]] {
            assert_eq!(refusal(&roles, Some(&user(lacking))).as_deref(), Some("forbidden"), "{lacking:?}");
        }
        assert_eq!(refusal(&roles, None).as_deref(), Some("unauthenticated"));
    }

    #[test]
    fn where_no_role_is_asked_for_everybody_passes() {
        assert_eq!(refusal(&Roles::default(), None), None);
    }

    #[test]
    fn the_configuration_wins_over_the_attribute() {
        let configured = ["owner".to_owned()];
        assert_eq!(Roles::new(Some(&configured), &["admin"]).names(), ["owner"]);
        assert_eq!(Roles::new(None, &["admin"]).names(), ["admin"]);
    }
}

//! Lists of roles.

use super::review::Review;

/// A list of roles names at least one, and each has a name.
pub(super) fn review(path: &[&str], roles: Option<&[String]>, review: &mut Review<'_>) {
    let Some(roles) = roles else { return };
    if roles.is_empty() {
        // not said where what it named was no text
        review.contradict(&[path], "names no role, so that nobody would have one; name some, or leave the key out");
    }
    for role in roles {
        if let Err(reason) = check(role) {
            review.reject(path, reason);
        }
    }
}

/// Whether something may be a role.
pub(crate) fn check(role: &str) -> Result<(), String> {
    if role.trim().is_empty() {
        Err("a role must not be empty".to_owned())
    } else if role.trim() != role || role.chars().any(char::is_control) {
        Err(format!("{role:?} has a control character, or a space at its ends"))
    } else {
        Ok(())
    }
}

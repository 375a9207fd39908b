//! A share of all invocations.

use crate::dispatch::InvocationId;

/// A share of all invocations, as a part of all numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share(pub(super) u64);

impl Share {
    /// From 0.0, none, to 1.0, all.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share")]
    pub fn new(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * u64::MAX as f64) as u64)
    }

    /// Whether this one is among the share. Numbers in a row are spread evenly by the golden ratio, so that of so many
    /// invocations the share is met quite exactly, and by the same ones for the same names.
    pub fn has(self, id: InvocationId) -> bool {
        self.0 != 0 && id.number().wrapping_mul(0x9e37_79b9_7f4a_7c15) <= self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_in_a_row_the_share_is_met() {
        for (share, expected) in [(0.0, 0), (0.01, 100), (0.5, 5000), (1.0, 10_000)] {
            let had = (0..10_000).map(|_| InvocationId::next()).filter(|id| Share::new(share).has(*id)).count();
            assert!(had.abs_diff(expected) <= 2, "{share}: {had}");
        }
    }
}

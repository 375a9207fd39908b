//! People with browsers.
//!
//! - [`Browser`]: a person's cookies, storage and tabs.
//! - [`Page`]: one tab.
//! - [`Element`]: what is on a page, by the names that screen readers tell.

mod element;
mod page;
mod person;
mod processes;

pub use element::Element;
pub use page::{Look, Page, Theme};
pub use person::Browser;
pub(crate) use processes::Browsers;

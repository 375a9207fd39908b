//! What `deploy/` ships works: the unit, the installation, nginx in front, the image.

use lambdio_tests::{Trial, root};

mod behind_nginx;
mod image;
mod installation;
mod nginx_restarts;
mod service_manager;
mod unit;

/// The tests of these modules.
pub fn trials() -> Vec<Trial> {
    [
        behind_nginx::trials(),
        image::trials(),
        installation::trials(),
        nginx_restarts::trials(),
        service_manager::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A file as it is shipped.
fn shipped(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

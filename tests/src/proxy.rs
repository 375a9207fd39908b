//! A network that can fail.

use std::sync::{Arc, Mutex, PoisonError};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};

/// Passes TCP connections on to another address, until it is cut.
#[derive(Debug)]
pub struct Proxy {
    address: String,
    target: String,
    passing: Mutex<Option<AbortHandle>>,
}

impl Proxy {
    /// A free port of the loopback that leads to `target`, which is host and port.
    pub async fn to(target: &str) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port has an address").to_string();
        let proxy = Arc::new(Self { address, target: target.to_owned(), passing: Mutex::default() });
        proxy.pass(listener);
        proxy
    }

    /// Host and port of this side.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends all connections and takes no new ones.
    pub fn cut(&self) {
        if let Some(passing) = self.passing.lock().unwrap_or_else(PoisonError::into_inner).take() {
            passing.abort();
        }
    }

    /// Takes connections again.
    pub async fn mend(&self) {
        let listener =
            crate::eventually("the port is free again", async || TcpListener::bind(&self.address).await.ok());
        self.pass(listener.await);
    }

    fn pass(&self, listener: TcpListener) {
        let target = self.target.clone();
        let passing = tokio::spawn(async move {
            // dropped with this task, and all connections with it
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let target = target.clone();
                connections.spawn(async move {
                    if let Ok(mut far) = TcpStream::connect(target).await {
                        // how a connection ends is the business of those who talk
                        let _ = copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        });
        *self.passing.lock().unwrap_or_else(PoisonError::into_inner) = Some(passing.abort_handle());
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
    }
}

//! A network that can fail.

use crate::free_port;
use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::{AbortHandle, JoinSet},
};

/// How much is passed on at once, in bytes.
const CHUNK: usize = 16 * 1024;

/// Passes TCP connections on to another address, until it is cut.
#[derive(Debug)]
pub struct Proxy {
    address: String,
    target: watch::Sender<String>,
    withholding: watch::Sender<bool>,
    passing: Mutex<Option<Passing>>,
}

/// What passes on, up to the next cut.
#[derive(Debug)]
struct Passing {
    task: AbortHandle,
    /// In force at once, while the task ends when it is its turn.
    is_cut: Arc<AtomicBool>,
}

impl Proxy {
    /// A free port of the loopback that leads to `target`, which is host and port.
    pub async fn to(target: &str) -> Arc<Self> {
        // kept for later while it is cut
        let listener = TcpListener::bind(("127.0.0.1", free_port())).await.expect("a free port");
        let address = listener.local_addr().expect("a bound port has an address").to_string();
        let target = watch::Sender::new(target.to_owned());
        let proxy =
            Arc::new(Self { address, target, withholding: watch::Sender::new(false), passing: Mutex::default() });
        proxy.pass(listener);
        proxy
    }

    /// Host and port of this side.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address of this side for those who speak HTTP.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Leads connections that are opened from now on to another target, such as a server that was started again.
    pub fn lead_to(&self, target: &str) {
        self.target.send_replace(target.to_owned());
    }

    /// Ends all connections and takes no new ones.
    pub fn cut(&self) {
        if let Some(passing) = self.passing.lock().unwrap_or_else(PoisonError::into_inner).take() {
            passing.is_cut.store(true, Ordering::SeqCst);
            passing.task.abort();
        }
    }

    /// Takes connections again.
    pub async fn mend(&self) {
        let listener =
            crate::eventually("the port is free again", async || TcpListener::bind(&self.address).await.ok());
        self.pass(listener.await);
    }

    /// Keeps what the target sends from now on, while what is sent to it still arrives.
    pub fn withhold(&self) {
        self.withholding.send_replace(true);
    }

    /// Passes on what was kept, and keeps nothing more.
    pub fn release(&self) {
        self.withholding.send_replace(false);
    }

    fn pass(&self, listener: TcpListener) {
        let (target, withholding) = (self.target.subscribe(), self.withholding.subscribe());
        let is_cut = Arc::new(AtomicBool::new(false));
        let cut = is_cut.clone();
        let passing = tokio::spawn(async move {
            // dropped with this task, and all connections with it
            let mut connections = JoinSet::new();
            // dropped before those: who sees a connection end finds nobody listening
            let listener = listener;
            while let Ok((near, _)) = listener.accept().await {
                let (target, withholding, cut) = (target.borrow().clone(), withholding.clone(), cut.clone());
                connections.spawn(async move {
                    if let Ok(far) = TcpStream::connect(target).await {
                        connect(near, far, withholding, &cut).await;
                    }
                });
            }
        });
        *self.passing.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Passing { task: passing.abort_handle(), is_cut });
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
    }
}

/// Passes on both ways, until both have ended or one has failed.
async fn connect(near: TcpStream, far: TcpStream, withholding: watch::Receiver<bool>, cut: &AtomicBool) {
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let (_, never) = watch::channel(false);
    // how a connection ends is the business of those who talk
    let _ = tokio::try_join!(copy(near_in, far_out, never, cut), copy(far_in, near_out, withholding, cut));
}

/// Passes on one way, up to the end and with it.
async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut withholding: watch::Receiver<bool>,
    cut: &AtomicBool,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = from.read(&mut chunk).await?;
        if *withholding.borrow() {
            withholding.wait_for(|withholding| !withholding).await.map_err(io::Error::other)?;
        }
        if cut.load(Ordering::SeqCst) {
            return Ok(());
        }
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&chunk[..length]).await?;
    }
}

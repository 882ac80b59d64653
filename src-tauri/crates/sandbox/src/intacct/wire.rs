//! Connections that can be cut: a listener whose streams close in mid-answer when told to.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// How many more bytes a connection may send; negative means any number.
#[derive(Clone, Debug)]
pub struct Cutter(Arc<AtomicI64>);

impl Cutter {
    /// Lets so many more bytes through, then breaks the connection.
    pub fn cut_after(&self, bytes: u32) {
        self.0.store(i64::from(bytes), Ordering::SeqCst);
    }
}

#[derive(Clone, Debug)]
pub struct Peer {
    pub address: SocketAddr,
    pub cutter: Cutter,
}

pub struct CuttableListener(pub TcpListener);

pub struct CuttableStream {
    inner: TcpStream,
    left: Arc<AtomicI64>,
}

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = Peer;

    async fn accept(&mut self) -> (CuttableStream, Peer) {
        let (inner, address) = Listener::accept(&mut self.0).await;
        let left = Arc::new(AtomicI64::new(-1));
        let _ = inner.set_nodelay(true);
        (CuttableStream { inner, left: left.clone() }, Peer { address, cutter: Cutter(left) })
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer { address: self.0.local_addr()?, cutter: Cutter(Arc::new(AtomicI64::new(-1))) })
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.remote_addr().clone()
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let left = self.left.load(Ordering::SeqCst);
        if left == 0 {
            return Poll::Ready(Err(io::Error::from(io::ErrorKind::ConnectionReset)));
        }
        let most = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
        let wrote = Pin::new(&mut self.inner).poll_write(context, &bytes[..most]);
        if left > 0
            && let Poll::Ready(Ok(count)) = &wrote
        {
            self.left.fetch_sub(i64::try_from(*count).unwrap_or(left), Ordering::SeqCst);
        }
        wrote
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

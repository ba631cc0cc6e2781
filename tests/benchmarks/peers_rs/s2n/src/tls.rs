// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! Mutual authentication for s2n-quic, by its provider on rustls: its own builders check chains only.

use peers_common::Failure;
use rustls::crypto::{aws_lc_rs, CryptoProvider};
use s2n_quic::provider::tls::{rustls as provider, Provider};

pub struct Mutual;

impl Provider for Mutual {
    type Server = provider::Server;
    type Client = provider::Client;
    type Error = Failure;

    fn start_server(self) -> Result<Self::Server, Failure> {
        Ok(peers_tls::server_config(cryptography())?.into())
    }

    fn start_client(self) -> Result<Self::Client, Failure> {
        Ok(peers_tls::client_config(cryptography())?.into())
    }
}

/// With the key exchange that all others use, too.
fn cryptography() -> CryptoProvider {
    CryptoProvider {
        kx_groups: vec![aws_lc_rs::kx_group::X25519],
        ..aws_lc_rs::default_provider()
    }
}

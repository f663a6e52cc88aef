//! The door to the cloud: tokens, throttling, fetching.

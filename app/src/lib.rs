//! What page and worker share.

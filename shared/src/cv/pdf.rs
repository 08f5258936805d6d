//! PDF, being written.
use super::{CvError, Limits, Notice};
pub fn read(_bytes: &[u8], _password: Option<&str>, _limits: &Limits, _notices: &mut Vec<Notice>) -> Result<String, CvError> {
    Err(CvError::damaged("not read yet"))
}

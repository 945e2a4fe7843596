//! The shapes that no REST path mentions but that clients need types for.

use utoipa::OpenApi;

/// Socket frames as components of the OpenAPI document.
#[derive(OpenApi)]
#[openapi(components(schemas(
    crate::frames::VisitorClientFrame,
    crate::frames::VisitorServerFrame,
    crate::frames::DeskClientFrame,
    crate::frames::DeskServerFrame,
    crate::common::Problem,
)))]
pub struct FrameSchemas;

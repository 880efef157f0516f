/**
 * The one place for names of this product and of other makers' products. The latter stand here
 * because the replicated workflow's labels carry them; Evidence Desk is independent of their makers.
 */
export const PRODUCT_NAME = "Evidence Desk";
export const DESTINATION_NAME = "Genetec Clearance™";
export const SEND_EVIDENCE_LABEL = `Send evidence to ${DESTINATION_NAME}`;
export const OPEN_IN_DESTINATION_LABEL = "Open in Clearance";
/** The archive's entity type as the documented refusal of a range has it. */
export const ARCHIVE_ENTITY_NAME = "g64";

/** Of rooms that only test or prove. */
export const EVERY_LIBRARY = "*";

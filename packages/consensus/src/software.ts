/** How the application names itself to engines and clients. */
export const APP_NAME = 'semblance';
export const APP_VERSION = '0.1.0';
/** Stands in the headers of a chain that began with it. */
export const APP_PROTOCOL = 0n;

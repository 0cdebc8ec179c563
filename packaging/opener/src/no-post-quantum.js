// Stands in for the keys of recipients, which a pack opened by words never has.
export const MLKEM768P256 = undefined;
export const MLKEM768X25519 = undefined;

// Why a pack is refused: a key of the texts, and what to put into the sentence.
export class Refusal extends Error {
  constructor(key, ...values) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

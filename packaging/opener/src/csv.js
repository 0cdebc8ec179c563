// Reads a table (RFC 4180): fields with commas, quotes and line breaks inside quotes.
const END = /["\n]/g;

// -> how many lines, the first among them; a long table is cut into cells when somebody asks.
export function countLines(text) {
  let lines = 0;
  let quoted = false;
  END.lastIndex = 0;
  for (let found; (found = END.exec(text)); ) {
    if (found[0] === '"') quoted = !quoted;
    else if (!quoted) lines += 1;
  }
  return lines + (text === "" || text.endsWith("\n") ? 0 : 1);
}

// At most `most` lines. One without quotes, as nearly all are, is cut at its commas at once.
export function readTable(text, most = Infinity) {
  const rows = [];
  let at = 0;
  while (at < text.length && rows.length < most) {
    END.lastIndex = at;
    const end = END.exec(text)?.index ?? text.length;
    if (text[end] === '"') at = readQuoted(text, at, rows);
    else {
      rows.push(text.slice(at, end).replaceAll("\r", "").split(","));
      at = end + 1;
    }
  }
  return rows;
}

function readQuoted(text, start, rows) {
  const row = [];
  let field = "";
  let quoted = false;
  let i = start;
  for (; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') field += text[++i];
      else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"') quoted = true;
    else if (c === ",") {
      row.push(field);
      field = "";
    } else if (c === "\n") break;
    else if (c !== "\r") field += c;
  }
  rows.push([...row, field]);
  return i + 1;
}

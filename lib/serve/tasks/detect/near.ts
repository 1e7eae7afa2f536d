/** Two languages with most words in common: those of one only, against those of the other. Above 0 it is the first. */
function weigh(text: string, first: RegExp, second: RegExp): number {
  return (text.match(first)?.length ?? 0) - (text.match(second)?.length ?? 0);
}

const malay =
  /\b(?:awak|boleh|kerana|mahu|wang|kereta|petang|pejabat|sekiranya|adalah|ialah|beliau|anda semua|encik|cakap|tengok|berasa|kami semua|bahawa|daripada|manakala|iaitu)\b/gi;
const indonesian =
  /\b(?:bisa|karena|mau|uang|mobil|sore|kantor|jika|kalau|bahwa|dari|sedangkan|yaitu|kamu|bapak|ibu|ngomong|lihat|tidak|kita|terima|selamat pagi|gak|nggak|banget)\b/gi;

/** Rather than Indonesian. */
export function towardsMalay(text: string): number {
  return weigh(text, malay, indonesian);
}

/** Its article stands alone in Afrikaans; in Dutch it is written out, or follows another word (`zo'n`). */
const afrikaans =
  /(?<!\p{L})(?:['’]n|ŉ|nie|ek|jy|hy|sy|my|julle|hulle|vir|baie|asseblief|dankie|hê|sê|môre|vandag|gister|kry|moenie|hierdie|daardie)(?!\p{L})/giu;
const dutch =
  /(?<!\p{L})(?:een|niet|ik|jij|je|hij|zij|ze|mij|mijn|wij|we|jullie|zijn|heeft|hebben|zich|de|deze|wordt|naar|vandaag|gisteren|zo['’]n)(?!\p{L})/giu;

/** Rather than Dutch. */
export function towardsAfrikaans(text: string): number {
  return weigh(text, afrikaans, dutch);
}

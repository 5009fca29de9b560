/**
 * Text as people search it: without marks, lower case, đ as d ("so ngoai vu" finds "Sở Ngoại vụ"). NFD alone does not
 * take the bar off đ.
 */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
}

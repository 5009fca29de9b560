import * as z from 'zod'

/**
 * Every error of the HTTP interface, as `application/problem+json` (RFC 9457) with a stable `code`. `status` is the HTTP
 * status; the texts say what happened and what to do, in the reader's language (`Accept-Language`).
 */
export const PROBLEMS = {
  'bad-request': {
    status: 400,
    vi: 'Yêu cầu không đúng dạng. Kiểm tra lại các mục được nêu.',
    en: 'The request is malformed. Check the fields named.',
  },
  'wrong-credentials': {
    status: 401,
    vi: 'Thư điện tử hoặc mật khẩu không đúng. Kiểm tra lại và thử lần nữa.',
    en: 'The e-mail or the password is not right. Check both and try again.',
  },
  'not-signed-in': {
    status: 401,
    vi: 'Bạn chưa đăng nhập hoặc phiên đã hết hạn. Hãy đăng nhập lại.',
    en: 'You are not signed in, or the session has expired. Sign in again.',
  },
  'account-disabled': {
    status: 403,
    vi: 'Tài khoản này đã bị khóa. Hãy liên hệ quản trị của cơ quan bạn.',
    en: 'This account is disabled. Ask the administrator of your body.',
  },
  'foreign-origin': {
    status: 403,
    vi: 'Yêu cầu đến từ một trang khác nên bị từ chối. Hãy mở lại Đồng Bộ và thử lần nữa.',
    en: 'The request came from another site and was refused. Open Đồng Bộ again and retry.',
  },
  'not-found': {
    status: 404,
    vi: 'Không có mục này, hoặc bạn không được xem.',
    en: 'There is no such thing, or you may not see it.',
  },
  'method-not-allowed': {
    status: 405,
    vi: 'Địa chỉ này không nhận thao tác đó.',
    en: 'This address does not take that method.',
  },
  'too-large': {
    status: 413,
    vi: 'Nội dung gửi lên quá lớn. Hãy chia nhỏ và gửi lại.',
    en: 'What was sent is too large. Split it and send it again.',
  },
  'slow-down': {
    status: 429,
    vi: 'Thử quá nhiều lần. Hãy đợi một lát rồi thử lại.',
    en: 'Too many attempts. Wait a moment and try again.',
  },
  internal: {
    status: 500,
    vi: 'Máy chủ gặp lỗi, chưa có gì thay đổi. Hãy thử lại; nếu vẫn lỗi, báo mã yêu cầu cho quản trị.',
    en: 'The server failed and nothing was changed. Try again; if it persists, give the request id to the administrator.',
  },
  unavailable: {
    status: 503,
    vi: 'Cơ sở dữ liệu chưa sẵn sàng. Hãy thử lại sau ít phút.',
    en: 'The database is not available. Try again in a few minutes.',
  },
} as const satisfies Record<string, { status: number; vi: string; en: string }>

export type ProblemCode = keyof typeof PROBLEMS

/** The body of every error response. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  /** For `bad-request`: what is wrong with which field. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof problemSchema>

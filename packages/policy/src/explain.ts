import type { Denial } from './decision.ts'

/** What stands in a sentence: names as the reader knows them; left out when the caller does not know them. */
export interface ExplainNames {
  /** The body that leads the task. */
  readonly lead?: string
  /** The body whose column it is. */
  readonly body?: string
}

type Sentence = (names: ExplainNames) => string

/** Each denial as a sentence that says who may, in both languages. */
const SENTENCES: Readonly<Record<Denial, { readonly vi: Sentence; readonly en: Sentence }>> = {
  observer: {
    vi: () => 'Bạn theo dõi kế hoạch này nên chỉ đọc.',
    en: () => 'You observe this plan, so you only read.',
  },
  'body-ended': {
    vi: () => 'Cơ quan của bạn đã kết thúc hoạt động; quyền ghi đã chuyển cho cơ quan kế thừa.',
    en: () => 'Your body has ended; its right to write went to its successor.',
  },
  'plan-closed': {
    vi: () => 'Kế hoạch đã tổng kết nên không ghi thêm được.',
    en: () => 'The plan is closed; nothing more can be written.',
  },
  'coordinator-only': {
    vi: () => 'Chỉ người điều phối kế hoạch ghi được mục này.',
    en: () => 'Only the coordinator of the plan may write this.',
  },
  'lead-only': {
    vi: ({ lead }) =>
      lead === undefined
        ? 'Chỉ cơ quan chủ trì và người điều phối ghi được mục này.'
        : `Chỉ cơ quan chủ trì (${lead}) và người điều phối ghi được mục này.`,
    en: ({ lead }) =>
      lead === undefined
        ? 'Only the lead agency and the coordinator may write this.'
        : `Only the lead agency (${lead}) and the coordinator may write this.`,
  },
  'locked-by-issue': {
    vi: () => 'Kế hoạch đã ban hành: thời hạn, chủ trì và sản phẩm chỉ đổi khi điều chỉnh kế hoạch.',
    en: () => 'The plan has been issued: deadline, lead and product change only by amending it.',
  },
  'other-bodys-cell': {
    vi: ({ body }) =>
      body === undefined
        ? 'Ô của cơ quan khác: cơ quan đó và người điều phối mới ghi được.'
        : `Ô của ${body}: chỉ cơ quan đó và người điều phối ghi được.`,
    en: ({ body }) =>
      body === undefined
        ? 'Another body’s cell: only that body and the coordinator may write it.'
        : `The cell of ${body}: only that body and the coordinator may write it.`,
  },
  'role-given-by-coordinator': {
    vi: () => 'Vai này do người điều phối giao, cơ quan không tự nhận hay tự bỏ.',
    en: () => 'This role is given by the coordinator; a body does not take or leave it by itself.',
  },
  'column-body-ended': {
    vi: ({ body }) => `${body ?? 'Cơ quan này'} đã kết thúc hoạt động, không nhận vai mới.`,
    en: ({ body }) => `${body ?? 'This body'} has ended and takes no new role.`,
  },
  'no-such-task': {
    vi: () => 'Nhiệm vụ này không còn trong ma trận.',
    en: () => 'This task is no longer in the matrix.',
  },
  'no-such-transition': {
    vi: () => 'Nhiệm vụ không chuyển thẳng sang trạng thái đó.',
    en: () => 'The task cannot go straight to that state.',
  },
  'judge-only': {
    vi: () => 'Chỉ cơ quan phê duyệt hoặc theo dõi nhiệm vụ nhận hay trả lại sản phẩm.',
    en: () => 'Only the approving or monitoring body accepts or returns the product.',
  },
  'not-ready-to-assign': {
    vi: () => 'Cần một cơ quan chủ trì, thời hạn và sản phẩm trước khi giao nhiệm vụ.',
    en: () => 'A lead agency, a deadline and a product are needed before the task is assigned.',
  },
  'task-has-begun': {
    vi: () => 'Nhiệm vụ đã giao thì hủy, không xóa: hủy giữ lại lịch sử.',
    en: () => 'A task that was assigned is cancelled, not removed: cancelling keeps its history.',
  },
  'new-task-is-a-draft': {
    vi: () => 'Nhiệm vụ mới bắt đầu là dự thảo.',
    en: () => 'A new task starts as a draft.',
  },
  'proposal-in-anothers-name': {
    vi: () => 'Đề xuất và ý kiến về đề xuất chỉ ghi bằng tên của chính mình.',
    en: () => 'A proposal, and the answer to one, is written in one’s own name only.',
  },
  'proposal-misdated': {
    vi: () => 'Ngày ghi trên đề xuất không khớp với ngày của máy chủ; hãy tải lại trang rồi gửi lại.',
    en: () => 'The day on the proposal is not one that the server can believe; reload the page and send it again.',
  },
  'proposal-outdated': {
    vi: () => 'Nội dung tại chỗ này đã thay đổi trước khi đề xuất đến nơi; hãy xem lại rồi đề xuất lại.',
    en: () => 'What stands there changed before the proposal arrived; look at it and propose again.',
  },
  'too-many-proposals': {
    vi: () => 'Cơ quan của bạn có quá nhiều đề xuất đang chờ; hãy rút bớt hoặc chờ trả lời.',
    en: () => 'Your body has too many open proposals; withdraw some or wait for answers.',
  },
  'proposal-decided': {
    vi: () => 'Đề xuất này đã được trả lời hoặc đã rút.',
    en: () => 'This proposal has been answered or withdrawn already.',
  },
  'proposal-of-another-body': {
    vi: () => 'Chỉ cơ quan đã đề xuất mới rút được đề xuất.',
    en: () => 'Only the body that made a proposal may withdraw it.',
  },
  'proposal-not-carried-out': {
    vi: () => 'Nhận đề xuất thì phải ghi đúng nội dung được đề xuất; nội dung tại chỗ này vừa thay đổi, hãy xem lại.',
    en: () => 'Accepting a proposal writes exactly what was proposed; the place has just changed, look at it again.',
  },
}

export function explain(because: Denial, language: 'vi' | 'en', names: ExplainNames = {}): string {
  return SENTENCES[because][language](names)
}

/** Whether a code, as it comes over the wire, is one that `explain` has a sentence for. */
export function isDenial(code: string): code is Denial {
  return Object.hasOwn(SENTENCES, code)
}

// Runs in every suite once jest is there. A walk in a browser that failed on a busy machine is taken once more where that is
// asked for; what went wrong the first time is printed all the same.
if (process.env.GUIDEPOST_TEST_ONCE_MORE) import.meta.jest.retryTimes(1, { logErrorsBeforeRetry: true });

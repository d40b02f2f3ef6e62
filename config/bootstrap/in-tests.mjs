// Runs in every suite before its tests: the MySQL driver takes the stack with each statement, and jest asks for 100 lines of it.
Error.stackTraceLimit = 20;

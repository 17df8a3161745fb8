return PyAsync.Testing.PyAsyncTestHost.Run(args);

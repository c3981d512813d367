// The number of threads, the seed and the switches of Settings belong to the whole process: tests that set them must not meet.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

q5_model = colleagues.model("Thursday")
promoted = 1
